"""Acts on projects and what is planned and reported in them: one function, one act, one transaction."""
