"""Where, when and how surely an object comes down."""
