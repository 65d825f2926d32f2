"""The forms of the publication beyond what a build writes, each made of one checked graph."""
