"""Demand and supply of the whole region (供需匹配), the health of programmes, and decisions about them."""
