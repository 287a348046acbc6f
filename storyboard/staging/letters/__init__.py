"""Letters: captions, balloons, badges and arrows over a panel."""
