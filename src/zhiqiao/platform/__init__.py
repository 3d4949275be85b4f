"""Layer 2, platform services 平台层: governance and data; applications stand on these."""
