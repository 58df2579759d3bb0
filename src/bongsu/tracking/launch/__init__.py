"""Where, when and in which direction an object was launched."""
