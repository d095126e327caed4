"""Acts on voices and needs."""
