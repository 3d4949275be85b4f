"""Smart management 智慧管理: the gap between programmes and demand, and change proposals."""
