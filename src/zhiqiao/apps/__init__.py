"""Layer 3, applications 应用层: four domains that never import each other."""
