// placeholder until the tabular module lands
