"""Who says so: the sources that remarks name."""

from visionquiz.statement.card import Source

__all__ = [
    "ACXPA",
    "BAUM",
    "CARTON",
    "DANESCU",
    "DIJULIUS",
    "FLESCH",
    "GOV_UK",
    "HYKEN",
    "MAGER",
    "NLIGHTEN",
    "PUBLISHED",
    "TOISTER",
    "TOISTER_GENERIC",
    "TOISTER_WRITE",
    "WORDFREQ",
    "YES_NO",
]

TOISTER = Source(
    name="Toister, What the heck is a customer service vision (2016)",
    address="https://www.toistersolutions.com/blog/2016/4/29/what-the-heck-is-a-customer-service-vision",
)
TOISTER_WRITE = Source(
    name="Toister, How to write a customer service vision statement (2016)",
    address="https://www.toistersolutions.com/blog/2016/5/23/how-to-write-a-customer-service-vision-statement",
)
TOISTER_GENERIC = Source(
    name="Toister (2021), on words that are too general",
    address="http://www.customercontactcentral.com/edition/daily-calibration-telemarketing-2021-01-21/"
    "?open-article-id=15316352",
)
DIJULIUS = Source(
    name="DiJulius, in Developing a customer service vision (2016)",
    address="https://cxservice360.com/2016/04/14/developing-a-customer-service-vision/",
)
YES_NO = Source(
    name="The DiJulius Group, on missions, purposes and service visions",
    address="https://thedijuliusgroup.com/the-difference-between-a-mission-purpose-customer-service-vision-statements/",
)
ACXPA = Source(
    name="ACXPA, Customer service vision statement",
    address="https://acxpa.com.au/glossary/customer-service-vision-statement/",
)
HYKEN = Source(
    name="Hyken, Give your service mantra real meaning",
    address="https://hyken.com/customer-service-culture/guest-blog-give-service-mantra-real-meaning/",
)
NLIGHTEN = Source(name="nlightencx, on promises (2013)", address="https://www.nlightencx.com/2013/04/17/promises/")
GOV_UK = Source(
    name="GOV.UK style guide, words to avoid", address="https://www.gov.uk/guidance/style-guide/a-to-z#words-to-avoid"
)
FLESCH = Source(name="Flesch (1948), Journal of Applied Psychology 32:221", address="https://doi.org/10.1037/h0057532")
MAGER = Source(name="Mager (1962), Preparing instructional objectives")
BAUM = Source(
    name="Baum, Locke and Kirkpatrick (1998), Journal of Applied Psychology 83:43",
    address="https://doi.org/10.1037/0021-9010.83.1.43",
)
CARTON = Source(
    name="Carton, Murphy and Clark (2014), Academy of Management Journal 57:1544",
    address="https://doi.org/10.5465/amj.2012.0101",
)
WORDFREQ = Source(name="Speer (2022), wordfreq", address="https://doi.org/10.5281/zenodo.7199437")
DANESCU = Source(
    name="Danescu-Niculescu-Mizil and others (2012), on lines that people remember",
    address="https://www.cs.cornell.edu/~cristian/memorability.html",
)
PUBLISHED = Source(name="86 published statements, each with its own source")
