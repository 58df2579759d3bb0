"""Links to partners: the feeds both ways, their epochs, what arrives and how they do."""
