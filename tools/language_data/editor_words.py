"""The project's own word lists for `build_lexicon.py`: what no spelling dictionary says about a word.

Written by hand from general knowledge of English and of what people write about; no evaluation data went into them.
"""

from __future__ import annotations

# Words that carry grammar, and those that open sentences and replies. Nobody's name, whatever their capital.
FUNCTION_WORDS = """
a an the this that these those some any each every either neither both all such no another other
i you he she it we they me him her us them my your his its our their mine yours hers ours theirs
myself yourself himself herself itself ourselves yourselves themselves who whom whose which what where when why how
whoever whatever whenever wherever
and or but nor so yet for if unless because although though while whereas since until till whether than as
of in on at by to from with without within into onto upon about above below under over between among through during
before after against toward towards across along around behind beside besides beyond despite except near off out
per via regarding concerning including
am is are was were be been being do does did doing done have has had having can could will would shall should may
might must ought need let lets
isn't aren't wasn't weren't don't doesn't didn't haven't hasn't hadn't can't couldn't won't wouldn't shouldn't mustn't
i'm i've i'll i'd you're you've you'll you'd he's she's it's we're we've we'll we'd they're they've they'll they'd
that's there's here's what's who's let's
not never always often sometimes usually rarely seldom also too very quite rather just only even still already again
then now here there today tomorrow yesterday soon later
however therefore thus hence moreover furthermore additionally meanwhile nevertheless nonetheless otherwise instead
initially firstly secondly thirdly lastly finally eventually subsequently consequently accordingly similarly likewise
overall generally typically specifically especially particularly essentially basically actually really certainly
clearly obviously perhaps maybe probably possibly unfortunately fortunately hopefully interestingly importantly
ultimately alternatively conversely indeed anyway besides
yes okay ok sure please thanks thank hello hi hey welcome sorry goodbye bye great absolutely
bonjour bonsoir merci voilà oui monsieur madame salut
guten tag morgen danke bitte hallo auf wiedersehen und ist nicht das ein eine
hola gracias buenos buenas días adiós señor señora por favor para pero como
ciao grazie prego buongiorno signore perché
first second third next last many much more most few several less least enough
""".split()  # noqa: SIM905 - a table of words

# Written with a capital in English and yet no names to a Russian: he has words of his own for them.
CAPITAL_BY_SPELLING = """
monday tuesday wednesday thursday friday saturday sunday
january february march april may june july august september october november december
english russian american british french german italian spanish portuguese chinese japanese korean indian arabic turkish
polish ukrainian dutch swedish norwegian danish finnish greek czech hungarian romanian bulgarian serbian croatian
canadian australian mexican brazilian african european asian latin western eastern northern southern
jewish christian muslim islamic buddhist hindu catholic orthodox protestant
internet web christmas easter halloween earth god bible renaissance
""".split()  # noqa: SIM905

# Ordinary words that are missing in the dictionary: younger than it, or written together.
YOUNGER_WORDS = """
onboarding offboarding dropshipping chatbot chatbots upcycling teambuilding backend frontend fullstack influencer
influencers retargeting copywriting copywriter roadmap roadmaps benchmarking coworking sharding mentee upskilling
reskilling gamification cybersecurity cyberbullying ecommerce fintech edtech healthcare wellbeing mindset mindsets
skillset toolkit takeaway takeaways touchpoint touchpoints stakeholder stakeholders deliverable deliverables
actionable scalable scalability usability walkthrough playthrough gameplay multiplayer livestream livestreaming
podcasting vlogging vlog vlogs blogpost blogposts hashtagging emoji emojis selfie selfies meme memes binge streaming
preprocessing postprocessing overfitting underfitting hyperparameter hyperparameters backpropagation tokenization
tokenizer embeddings dataset datasets dataframe dataframes changelog lifecycle microservice microservices serverless
middleware namespace namespaces refactoring deployable rollout rollouts whitepaper tokenomics staking airdrop
cryptocurrencies blockchains smartphone smartphones smartwatch smartwatches wearable wearables ebook ebooks
freelancing crowdsourcing sourcing outreach storyboard storyboarding screenplay moodboard biodiversity ecosystem
ecosystems ecotourism glamping staycation microplastics prebiotic prebiotics probiotic probiotics superfood superfoods
keto vegan vegans flexitarian detox meditation biohacking sleepover cardio deadlift deadlifts burpee burpees
geopolitics neurodiversity inclusivity equitable multicultural intersectionality allyship
""".split()  # noqa: SIM905

# Ordinary words that are better known, or as well known, as somebody's name: they may begin a sentence as a name.
FAMOUS_NAMES = """
amazon apple oracle intel dell cisco adobe google yahoo twitter meta alphabet visa citrix siemens nestle fiat ford
jaguar jeep hummer corvette tesla mercedes lexus acura
starbucks sprite snickers twix shell chevron gillette
medium notion slack zoom discord telegram skype messenger instagram snapchat tinder badoo
mastodon clubhouse twitch steam uplay roblox unity unreal godot blender figma framer canva miro asana
trello jira confluence basecamp hootsuite mailchimp evernote obsidian todoist
excel word outlook windows bing azure cortana kinect onedrive
chrome safari opera brave android nexus photoshop illustrator lightroom acrobat
python java ruby rust swift dart scala julia perl pascal delphi typescript markdown latex
react angular vue svelte go flask django hibernate laravel symfony bootstrap
tailwind bulma redux apollo prisma electron flutter ionic cordova
docker ansible jenkins terraform prometheus grafana
kafka hadoop flink airflow cassandra redis solr neo databricks tableau
git yarn babel
pandas keras splunk ubuntu fedora debian gnome vim
paypal stripe revolut venmo robinhood coinbase binance bitcoin solana
uber lyft glassdoor upwork fiverr udemy coursera duolingo babbel quizlet kahoot khan
yelp foursquare expedia airbnb agoda
netflix hulu disney pixar marvel spotify deezer shazam soundcloud
nintendo playstation xbox atari sega minecraft tetris fortnite fallout skyrim diablo warcraft
starcraft overwatch hearthstone valorant sims witcher cyberpunk uncharted
batman superman spiderman ironman hulk thor loki wolverine deadpool joker titanic inception
moana brave shrek ratatouille interstellar
nirvana metallica radiohead coldplay pink adele rihanna beyonce madonna bono
eminem drake kanye shakira aerosmith
vogue forbes lancet
boeing airbus emirates lufthansa ryanair
wikipedia britannica quora reddit tumblr blogger patreon kickstarter linux unix
john jack tom tony roger mark frank bill bob nick mike peter rick ted rob ray pat
ruby hank harry
jean jenny jerry jimmy joe johnny josh kay ken lee leo liz louis luke max ned neil norm oscar pete phil
ralph rex ron roy russ sally sam sandy sid sue tad tim toby troy vic victor wade walt warren wayne
trump musk brin bezos buffett soros newton darwin watt nelson hamlet homer
jordan chad georgia japan oxford cambridge bologna cologne
""".split()  # noqa: SIM905

# Names too, but oftener ordinary words: names only inside a sentence.
NAMES_AT_TIMES = """
academy access alien amber arc arch art atom avatar backbone basic bath bear blur bolt bond booking bounty buffer
bumble bush cars cell chef china civilization coco consul converse cook cream cypress daisy dale dawn dean delta
destiny doom dove duke earl eclipse edge elastic ember ether express faith foreigner fortune foundation freelancer
frozen gap gates genesis glacier gladiator glen grace grant gravity grunt gulp guy halo head helm hinge hive holly
hope indeed infinity insomnia ivy jade jasmine jest jobs journey joy kiss kit lance lily looker mars match matrix
mercurial mini mint mocha muse mustang nature nice ninja nomad oasis office orbit origin packer page pandora
paramount parasite parcel pearl pig pip pixel polygon portal postman predator premiere prince publisher puma puppet
quake queen rails ripple rollup rose rover science scorpions scratch selenium sentry shoulders showtime signal
sketch smart snowflake solid solidity spark spring square sting storm subversion subway summer surface swagger
target teams terminal terminator tether things threads tidal total turkey universal vagrant vault violet ward wired
wise
""".split()  # noqa: SIM905

# Tools and libraries that are written small, names though dictionary words or in no list.
TOOLS = """
pandas numpy scipy matplotlib seaborn sklearn pytorch tensorflow keras requests pip conda venv pytest mypy ruff
npm npx yarn pnpm webpack vite eslint prettier babel git bash zsh ssh curl wget grep sed awk vim nano emacs tmux sudo
apt yum dnf brew systemd cron docker kubectl helm nginx apache mysql postgres postgresql sqlite mongodb redis
django flask fastapi rails node react angular vue jquery ajax json yaml xml html css http https ftp smtp localhost
regex async await stdin stdout stderr utf ascii webpack langchain llama ollama huggingface xgboost lightgbm
opencv pillow beautifulsoup scrapy selenium asyncio aiohttp pydantic sqlalchemy psycopg tkinter pygame
email id url uri api sql ip dns vpn usb cli gui sdk uuid oauth jwt
csv tsv pdf png jpg jpeg gif svg zip rar txt doc docx xls xlsx ppt pptx exe apk iso wav flac avi mkv ini toml
iphone ipad macbook imac macos ios ipados android windows linux ubuntu debian wifi bluetooth
""".split()  # noqa: SIM905
