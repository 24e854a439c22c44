"""Names of annotated articles: where they stand in the text, and how well they are found."""
