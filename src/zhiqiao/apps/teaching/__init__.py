"""Smart teaching (智慧教学): the training plan, written by several people and judged while they write."""
