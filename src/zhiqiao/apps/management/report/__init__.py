"""The demand report 《重点产业人才需求动态预测报告》 in editions: made, edited, signed, published, read."""
