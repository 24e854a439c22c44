"""The web face of the graph. Modules in their reading order:

negotiation   which format an Accept header asks for
querytext     what can be told from a query before it runs
graph         what the pages ask the graph, by the queries in queries/
records       claims, events and articles as records
wording       numbers, figures and dates in words
i18n, terms   the site's words, the ontology's words
explanations  why a claim is what it is, in the language of the page
cors          which other sites may use the service
encoding      compressed answers
exchanges     a request and its answer, in ASGI and HTTP/1.1
heads         what the head of a request says
cache         answers and pages that are kept ready
clients       who asks, and how much one may ask for
context       language, names, links and headers of a response
elements      pieces of HTML that pages hold by the hundred
problems      errors as problem documents and pages
querypatterns what a query is made of
equations     which variables an expression demands to be equal
querytriples  triples and terms read from a query's tokens
queryreader   a query's text read into its parts
queryproducts parts of a query that share no variable
limits        what a query may be and take
tokens        who may write
protocol      what a request of the SPARQL protocol asks for
jobs          what is asked of the query workers
answers       answers of query workers as responses
linkheaders   what else there is about a thing, in Link headers
dereference   IRIs lead to pages and data
structured    what a page is about, in schema.org's terms
scales        figures on an axis
sentences     sentences with their words marked by role
differences   where claims differ
articles      the article page
outlines      the outlines of the countries
worldmap      places and arcs on a map of the world
movements     who sends forces where
placemap      where the claims on a page take place
choosing      what a list is narrowed down by
overview      what the graph holds as a whole
columns       what happens when
listqueries   the lists of the site as queries
activity      what a thing has a part in
ties          whom an entity deals with
modelcard     how well the program reads
site          front page and lists
browse        entities of a kind
calendar      events by the month that they begin in
groups        the claims of an entity by type and role
entities      pages of single things
eventlist     events chosen by words, type, standing, country and time
search        the search page, and what completes a search
explaining    what a query would do
querypage     the form for queries
completion    what the editor of queries completes
sparql        the SPARQL protocol
description   what the service is and what it holds
citing        permalinks
graphstore    the Graph Store protocol
dumps         all graphs as a file
uploads       articles that are sent
ontology      the ontology as page and data
exports       tables of claims as downloads
properties    what entities have, for reconciliation
candidates    which entities a reconciliation query may mean
reconcile     the Reconciliation Service API
fragments     triple pattern fragments
feed          the newest claims as an Atom feed
sitemap       what there is, for crawlers
openapi       the whole interface in OpenAPI
direct        plain queries, answered at the door
visits        a request on its way through the gateway
wsgi          one run of the WSGI application
gateway       the ASGI application around it all
request_parser  the requests of a connection, read by llhttp
http1         HTTP/1.1 over one connection
guardian      the process that keeps the server alive
connections   the HTTP server
metrics       figures for Prometheus
accesslog     a line about each request
probes        health, readiness and figures
app           puts them together
ahead         pages before anybody asks for them
web_process   the process that answers
serve         the production server
"""
