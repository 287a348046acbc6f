"""Drawing: ink, colour, figures, animals, things and places of a panel."""
