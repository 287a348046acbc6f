"""Plans that are no story: outfits x places x poses of one character, and the identity test."""
