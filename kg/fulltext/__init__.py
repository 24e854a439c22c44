"""The index of words beside the store: entities, events, claims and articles by names, words and figures.

    words       texts and questions become words that can be compared
    looser      questions with fewer words
    snippets    the sentence of an article that shows why it was found
    documents   what the graph says of a thing that can be found
    database    the index as a SQLite file
    updating    it follows the store, a publication at a time
    asking      questions to it
    activity    what a thing has a part in, counted
    overview    what the graph holds as a whole, counted

It is one file, `STORE/search.db`, which the writer brings up to date before it shows a new snapshot, and looks at no
more than the publication has changed. A row is valid from one snapshot until another, so that a reader finds exactly
what is in the snapshot that it reads, whatever the writer does meanwhile. The index follows from the graph alone: a
file that is missing, damaged or of another version is made anew by the next publication. What a killed writer leaves
half-way is valid in no snapshot that readers see, and is taken back.
"""
