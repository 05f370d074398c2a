"""The project's own lists of Latin for `build_terms.py`: the names of anatomy, diagnoses and prescriptions.

Written by hand from general knowledge of the nomenclature; no labelled reply went into them. Reported false alarms,
which the tests hold, were checked off against them, and the few words that were missing added. Words that decline are
given once and declined by `terms_latin.py`.
"""

from __future__ import annotations

# -a, -ae
FIRST = """
arteria vena costa tibia fibula ulna scapula clavicula mandibula maxilla vertebra patella lingua palpebra cornea
retina sclera pupilla glandula vesica urethra prostata vagina medulla fascia bursa fossa fovea crista spina incisura
lamina linea tunica mucosa submucosa serosa adventitia intima media membrana valvula valva cisterna lacuna fissura
commissura papilla plica ruga trachea pleura aorta scala cochlea ampulla macula area ansa vola palma planta sura coxa
axilla gingiva bucca fenestra cellula chorda corona concha choana trochlea tuba uvula vallecula columna orbita
placenta decidua vulva zona insula amygdala habenula stria taenia tonsilla cauda porta cava cortina ala bulla angina
pneumonia anaemia leucaemia leukaemia uraemia pyaemia hernia ruptura fractura variola varicella rubeola scarlatina
dysenteria cholera malaria diphtheria gonorrhoea tinea urticaria eclampsia praeeclampsia hypertonia insufficientia
ischaemia hypoxia apnoea dyspnoea tachycardia bradycardia arrhythmia aphasia neuralgia myalgia cachexia atrophia
hypertrophia dystrophia hyperplasia neoplasia gangraena purpura haemophilia pharmacopoea herba tinctura mixtura
tabuletta pilula gutta charta aqua theriaca gemma bacca pasta
""".split()  # noqa: SIM905 - a table of words

# -us, -i
SECOND_US = """
musculus nervus ramus ventriculus oesophagus humerus radius carpus metacarpus tarsus metatarsus digitus sulcus gyrus
lobus lobulus nodus nodulus bulbus oculus nasus uterus thymus sacculus utriculus alveolus bronchus bronchiolus truncus
fundus hilus isthmus malleus condylus epicondylus talus calcaneus annulus anulus fasciculus funiculus globus
hippocampus thalamus hypothalamus nucleus limbus pedunculus polus pylorus tragus antitragus villus umbilicus
colliculus canaliculus discus meniscus glomerulus tubulus folliculus calculus embolus thrombus bacillus cumulus
ramulus angulus locus acinus morbus typhus tetanus icterus lupus pemphigus botulismus rheumatismus rachitismus
strabismus hydrocephalus sirupus succus naevus polypus furunculus carbunculus medius minimus
""".split()  # noqa: SIM905

# -um, -i (and Greek -on)
SECOND_UM = """
sternum cranium cerebrum cerebellum atrium septum ligamentum labium ovarium duodenum jejunum ileum caecum coecum
rectum ilium ischium sacrum perineum peritoneum myocardium endocardium pericardium epicardium endometrium myometrium
omentum mesenterium mediastinum palatum vestibulum tympanum infundibulum frenulum filum folium hilum brachium
antebrachium dorsum collum cubitum intestinum acetabulum tuberculum ostium organum stratum velum vinculum cingulum
claustrum tegmentum tectum trigonum mentum cilium supercilium rostrum manubrium corpusculum sustentaculum retinaculum
punctum spatium cementum scrotum epididymium periosteum endosteum perichondrium cavum unguentum suppositorium
linimentum emulsum extractum infusum decoctum oleum amylum talcum vaselinum lanolinum glycerinum acidum oxydum
chloridum emplastrum balsamum collyrium venenum antidotum remedium
""".split()  # noqa: SIM905

# nominative and genitive
THIRD = """
scoliosis scoliosis, paresis paresis, caput capitis, corpus corporis, cor cordis, pulmo pulmonis, ren renis, hepar
hepatis, os ossis, os oris, foramen foraminis, abdomen abdominis, femur femoris, pes pedis, pars partis, cartilago
cartilaginis, articulatio articulationis, extremitas extremitatis, tuberositas tuberositatis, apex apicis, vertex
verticis, cortex corticis, index indicis, pollex pollicis, hallux hallucis, larynx laryngis, pharynx pharyngis, meninx
meningis, phalanx phalangis, iris iridis, carotis carotidis, parotis parotidis, glottis glottidis, epiglottis
epiglottidis, penis penis, testis testis, dens dentis, auris auris, cutis cutis, pelvis pelvis, basis basis, axis
axis, crus cruris, viscus visceris, vas vasis, stapes stapedis, paries parietis, pancreas pancreatis, trochanter
trochanteris, sphincter sphincteris, ureter ureteris, masseter masseteris, cremaster cremasteris, thorax thoracis,
biceps bicipitis, triceps tricipitis, quadriceps quadricipitis, flexor flexoris, extensor extensoris, abductor
abductoris, adductor adductoris, levator levatoris, depressor depressoris, rotator rotatoris, pronator pronatoris,
supinator supinatoris, tensor tensoris, dilatator dilatatoris, constrictor constrictoris, corrugator corrugatoris,
buccinator buccinatoris, erector erectoris, opponens opponentis, abducens abducentis, colon coli, cervix cervicis,
radix radicis, matrix matricis, appendix appendicis, helix helicis, calyx calycis, fornix fornicis, pecten pectinis,
lumen luminis, sanguis sanguinis, vulnus vulneris, ulcus ulceris, pectus pectoris, tempus temporis, latus lateris,
pubes pubis, regio regionis, decussatio decussationis, formatio formationis, impressio impressionis, vertigo
vertiginis, impetigo impetiginis, vitiligo vitiliginis, prurigo pruriginis, fel fellis, lac lactis, mel mellis,
cirrhosis cirrhosis, sclerosis sclerosis, tuberculosis tuberculosis, psoriasis psoriasis, diagnosis diagnosis,
prognosis prognosis, anamnesis anamnesis, stenosis stenosis, thrombosis thrombosis, necrosis necrosis, sepsis sepsis,
syphilis syphilidis, febris febris, tussis tussis, dolor doloris, calor caloris, tumor tumoris, rubor ruboris, rigor
rigoris, livor livoris, pallor palloris, sudor sudoris, fetor fetoris, color coloris, cancer cancri, diabetes
diabetae, ascites ascitae, herpes herpetis, adeps adipis, plexus plexus, hypertensio hypertensionis, infectio
infectionis, intoxicatio intoxicationis, luxatio luxationis, distorsio distorsionis, contusio contusionis, combustio
combustionis, congelatio congelationis, commotio commotionis, compressio compressionis, graviditas graviditatis,
sterilitas sterilitatis, amputatio amputationis, resectio resectionis, exstirpatio exstirpationis, operatio
operationis, sectio sectionis, solutio solutionis, suspensio suspensionis, emulsio emulsionis, injectio injectionis,
pulvis pulveris, flos floris, semen seminis, mucilago mucilaginis, rhizoma rhizomatis, stigma stigmatis, stroma
stromatis, oedema oedematis, carcinoma carcinomatis, sarcoma sarcomatis, lipoma lipomatis, fibroma fibromatis, myoma
myomatis, adenoma adenomatis, haematoma haematomatis, trauma traumatis, glaucoma glaucomatis, trachoma trachomatis,
emphysema emphysematis, eczema eczematis, erythema erythematis, exanthema exanthematis, enanthema enanthematis, asthma
asthmatis, coma comatis, symptoma symptomatis, systema systematis, diaphragma diaphragmatis, chiasma chiasmatis,
sperma spermatis, derma dermatis, plasma plasmatis, zygoma zygomatis, stoma stomatis, condyloma condylomatis, xanthoma
xanthomatis, melanoma melanomatis, bronchitis bronchitidis, gastritis gastritidis, hepatitis hepatitidis, nephritis
nephritidis, pyelonephritis pyelonephritidis, glomerulonephritis glomerulonephritidis, cholecystitis cholecystitidis,
pancreatitis pancreatitidis, appendicitis appendicitidis, peritonitis peritonitidis, colitis colitidis, enteritis
enteritidis, cystitis cystitidis, otitis otitidis, rhinitis rhinitidis, sinusitis sinusitidis, pharyngitis
pharyngitidis, laryngitis laryngitidis, tonsillitis tonsillitidis, meningitis meningitidis, encephalitis
encephalitidis, arthritis arthritidis, dermatitis dermatitidis, conjunctivitis conjunctivitidis, keratitis
keratitidis, endocarditis endocarditidis, myocarditis myocarditidis, pericarditis pericarditidis, phlebitis
phlebitidis, thrombophlebitis thrombophlebitidis, neuritis neuritidis, radiculitis radiculitidis, parotitis
parotitidis, mastitis mastitidis, prostatitis prostatitidis, stomatitis stomatitidis, gingivitis gingivitidis,
pulpitis pulpitidis, periodontitis periodontitidis, osteomyelitis osteomyelitidis, spondylitis spondylitidis, myositis
myositidis, pleuritis pleuritidis, vaginitis vaginitidis, salpingitis salpingitidis, adnexitis adnexitidis, orchitis
orchitidis, balanitis balanitidis
"""

# -us, -us and -u, -us
FOURTH = """
ductus manus sinus plexus arcus processus meatus hiatus recessus tractus fetus foetus partus abortus visus auditus
gustus olfactus tactus pulsus situs aditus exitus decubitus ictus infarctus status habitus textus fructus spiritus
collapsus singultus vomitus prolapsus aquaeductus cornus genus quercus usus cursus casus lapsus consensus
""".split()  # noqa: SIM905

FIFTH = ["facies", "caries", "rabies", "scabies", "species", "dies", "superficies"]

# -us, -a, -um
ADJECTIVES_US = """
internus externus magnus longus profundus rectus obliquus transversus latissimus maximus minimus medius medianus
serratus infraspinatus supraspinatus rhomboideus deltoideus sternocleidomastoideus sternohyoideus sternothyroideus
thyrohyoideus omohyoideus mylohyoideus geniohyoideus stylohyoideus digastricus trapezius gluteus glutaeus peroneus
peronaeus iliacus cavus coronarius pulmonarius splenicus hepaticus gastricus thoracicus thyroideus parathyroideus
cricoideus cricothyroideus arytenoideus hyoideus sphenoideus ethmoideus mastoideus styloideus pterygoideus zygomaticus
opticus oculomotorius trigeminus glossopharyngeus vagus hypoglossus ischiadicus saphenus popliteus basilicus
cephalicus lymphaticus sympathicus parasympathicus phrenicus splanchnicus mesentericus pancreaticus prostaticus
uterinus ovaricus spermaticus pudendus coccygeus gastrocnemius soleus interosseus quadratus sartorius pectineus
semitendinosus semimembranosus vastus intermedius palatinus cutaneus subcutaneus venosus arteriosus nervosus fibrosus
spongiosus compactus cavernosus mucosus serosus osseus membranaceus cartilagineus ligamentosus adiposus sebaceus
sudoriferus ceruminosus petrosus squamosus spinosus subclavius nutricius perforatus circumflexus anonymus
brachiocephalicus epigastricus hypogastricus colicus ileocolicus gastroduodenus choledochus cysticus pyloricus vitreus
choroideus aqueus tympanicus auditivus acusticus obturatorius cuboideus lunatus triquetrus hamatus capitatus
trapezoideus glenoideus coracoideus conoideus coronoideus pineus caudatus striatus callosus quadrigeminus dentatus
albus griseus cinereus flavus luteus caeruleus chronicus acutus subacutus malignus benignus mellitus insipidus
traumaticus congenitus haereditarius idiopathicus catarrhosus purulentus haemorrhagicus gangraenosus perforativus
phlegmonosus fibrinosus necroticus toxicus allergicus infectiosus epidemicus endemicus sporadicus symptomaticus
primarius secundarius rheumaticus rheumatoideus bifidus fixus planus valgus varus equinus inversus praevius occultus
imperforatus erythematosus exsudativus nodosus migratorius siccus humidus destillatus purificatus aethylicus
camphoratus salicylicus boricus ascorbinicus acetylsalicylicus hydrochloricus nicotinicus glutaminicus folicus
lipoicus citricus lacticus sulfuricus nitricus phosphoricus carbolicus benzoicus tartaricus aceticus formicicus
ophthalmicus oticus fluidus spissus concentratus dilutus crudus purus depuratus
""".split()  # noqa: SIM905

# -is, -e
ADJECTIVES_IS = """
lentiformis mobilis annularis supraorbitalis infraorbitalis cuneiformis navicularis pisiformis multiformis officinalis
lateralis medialis facialis frontalis temporalis parietalis occipitalis nasalis lacrimalis maxillaris mandibularis
lingualis dentalis cervicalis thoracalis dorsalis ventralis lumbalis sacralis brachialis brachioradialis
coracobrachialis radialis ulnaris digitalis femoralis tibialis fibularis plantaris palmaris volaris cranialis caudalis
rostralis proximalis distalis centralis superficialis atrialis ventricularis vertebralis spinalis intercostalis
abdominalis inguinalis renalis suprarenalis vesicalis urethralis vaginalis rectalis analis genitalis muscularis
articularis orbitalis sagittalis horizontalis verticalis axillaris basilaris cerebralis cerebellaris pectoralis
trochlearis vestibulocochlearis testicularis perinealis iliolumbalis subscapularis supraclavicularis jugularis
alveolaris glandularis capillaris ciliaris auricularis orbicularis umbilicalis duodenalis jejunalis intestinalis
lienalis bronchialis pleuralis pulmonalis costalis sternalis scapularis gracilis brevis communis letalis mortalis
normalis abnormalis essentialis arterialis neuralis vulgaris labialis oralis buccalis marginalis terminalis lobaris
lobularis focalis generalis localis totalis universalis unilateralis senilis juvenilis infantilis puerperalis
""".split()  # noqa: SIM905

COMPARATIVES = ["anterior", "posterior", "superior", "inferior", "major", "minor", "exterior", "interior"]

# Genera and epithets that English has too, and that the long list therefore leaves out.
ORGANISMS = """
homo sapiens neanderthalensis erectus habilis vera botulinum passer parus perca bacterium acervus cocos rhododendron
viola magnolia citrus crocus geranium gardenia freesia sequoia chrysanthemum cannabis iris hydra begonia fuchsia
hibiscus petunia dahlia camellia acacia eucalyptus narcissus cyclamen gladiolus asparagus anemone salmonella hyacinthus
gorilla bison alligator boa iguana octopus hippopotamus rhinoceros felidae carnivora mammalia arachnida flora fauna
""".split()  # noqa: SIM905

# Forms that stay as they are: indeclinable, Greek, abbreviated.
MEDICAL_FORMS = """
accessorius accessoria accessorium accessorii niger nigra nigrum nigri nigrae ruber rubra rubrum rubri rubrae simplex
duplex acromion acromii olecranon olecrani ganglion ganglii paresis cuboideum communicans communicantes dentinum
enamelum interstitium sulfas nitras carbonas psoas iliopsoas platysma teres dexter dextra dextrum dextri dextrae
sinister sinistra sinistrum sinistri sinistrae azygos hemiazygos pia dura mater matris arachnoidea atlas atlantis
coccyx coccygis ossa ossium aa mm nn vv ligg lig sp spp ssp subsp var cv cf aff sensu lato stricto incertae sedis
nomen nudum conservandum dubium novum holotypus scapulae colli femoris tibiae digiti digitorum pollicis hallucis
indicis minimi brachii antebrachii manus pedis cruris abdominis dorsi thoracis lumborum capitis oculi oris nasi auris
cordis ventriculi duodeni jejuni ilei coli recti ani hepatis lienis pancreatis renis vesicae uteri tubae ovarii
prostatae testis penis pulmonis pulmonum medullae cerebri cerebelli spinae columnae vertebralis sanguinis lymphae
cutis unguis unguium pili capilli mammae axillae inguinis perinei pelvis ossis musculi nervi nervorum venarum
arteriarum exitus letalis delirium tremens placebo nocebo placenta lochia colostrum caput medusae rigor mortis livor
algor zoster labialis progenitalis erythematodes pectoris pectoralis myocardii arteriae erysipelas acne rosacea lichen
pityriasis ichthyosis scleroderma lues tabes dorsalis dementia praecox senilis epilepsia hysteria neurasthenia grand
petit mal absentia stupor sopor furunculosis hordeolum chalazion ptosis entropium ectropium hypopyon hyphaema
cataracta maculopathia nystagmus anisocoria foetor foetus foeto ore naturales vias naturalis cavum douglasi hallux
valgus varus rigidus genu varum valgum recurvatum pes planus cavus equinovarus torticollis coxa vara valga spina ex
juvantibus vitro vivo situ silico utero ovo statu nascendi post mortem intra vitam per rectum os cutem vaginam sub
lingua locus minoris resistentiae restitutio integrum facies hippocratica leonina lege artis anamnesis vitae morbi
status praesens localis objectivus subjectivus diagnosis prognosis bona mala dubia pessima infausta
""".split()  # noqa: SIM905

PRESCRIPTIONS = """
rp recipe recipere da d.t.d dtd dentur dispensa dispensetur signa signetur misce misceatur m.d.s mds m.f fiat fiant
numero tab tabl tabulettis tabulettas caps capsulis capsulas capsulae gelatinosae gelatinosis amp ampullis ampullas
flac dragee supp suppositoria rectalia vaginalia ung ungu unguenti past pastae lin linimenti sol solut solutionis
oleosae spirituosae aquosae aqu aq aquae destillatae purificatae spir spirituosus spiritus spirituosi aethylici vini
tinct tincturae extr extracti inf infusi dec decocti mixt mixturae mucil mucilaginis pulv pulveris pulverem spec
specierum ol olei gutt gtt guttas guttae sir sirupi emuls emulsi susp aeros aerosolum granul q.s qs quantum satis ana
statim cito citissime repete repetatur rep bis ter quater die dies pro re nata usu usum externum internum externo
interno inhalationibus injectionibus infantibus adultis dosi narcotica charta cerata paraffinata obducta obductae
sterilisetur steriliseretur filtretur vitro nigro originali ex tempore extempore praescriptionem formula officinalis
magistralis pharmacopoea pharmacopoeae herb herbae fol foliorum folia flor florum flores rad radicis radices radicum
rhiz rhizomatis rhizomata cort corticis cortices fruct fructus fructuum sem seminis semina seminum gemm gemmae bacc
baccae bulb bulbi turiones stigmata stigmatum natrii kalii calcii magnesii ferri zinci cupri argenti hydrargyri
bismuthi lithii barii ammonii aluminii iodi bromi chloridi bromidi iodidi fluoridi oxydi peroxydi hydroxydi sulfatis
nitratis nitritis carbonatis hydrocarbonatis phosphatis gluconatis lactatis citratis tartratis benzoatis salicylatis
thiosulfatis permanganatis tetraboratis subnitratis subacetatis acetatis aspartatis orotatis hydrochloridi
hydrobromidi dinitratis caseinatis
""".split()  # noqa: SIM905

# International names of medicines; a prescription has them in the genitive, with -i.
MEDICINES = """
amoxicillin ampicillin benzylpenicillin oxacillin carbenicillin paracetamol ibuprofen analgin metamizol drotaverin
papaverin platyphyllin atropin adrenalin epinephrin noradrenalin norepinephrin mesaton phenylephrin dopamin dobutamin
morphin codein coffein ephedrin euphyllin aminophyllin theophyllin salbutamol fenoterol ipratropii beclometason
budesonid insulin heparin warfarin clopidogrel aspirin prednisolon methylprednisolon dexamethason hydrocortison
triamcinolon omeprazol pantoprazol rabeprazol ranitidin famotidin cimetidin furosemid hydrochlorothiazid spironolacton
torasemid indapamid captopril enalapril lisinopril perindopril ramipril losartan valsartan telmisartan metoprolol
bisoprolol atenolol propranolol anaprilin nebivolol carvedilol verapamil diltiazem nifedipin amlodipin digoxin
strophanthin corglycon nitroglycerin isosorbid trimetazidin molsidomin clonidin clophelin moxonidin reserpin novocain
procain lidocain articain bupivacain ropivacain tetracyclin doxycyclin azithromycin clarithromycin erythromycin
streptomycin gentamicin amikacin kanamycin ciprofloxacin levofloxacin ofloxacin norfloxacin metronidazol tinidazol
ceftriaxon cefazolin cefotaxim cefuroxim cefalexin cefepim meropenem imipenem vancomycin linezolid clindamycin
lincomycin rifampicin isoniazid pyrazinamid ethambutol nystatin fluconazol ketoconazol clotrimazol terbinafin
aciclovir oseltamivir remantadin cetirizin loratadin desloratadin chloropyramin suprastin diphenhydramin dimedrol
clemastin diazepam phenazepam nitrazepam clonazepam phenobarbital haloperidol aminazin chlorpromazin amitriptylin
fluoxetin sertralin paroxetin risperidon olanzapin carbamazepin valproat phenytoin levodopa piracetam cinnarizin
vinpocetin thiamin pyridoxin cyanocobalamin riboflavin retinol tocopherol ergocalciferol cholecalciferol phytomenadion
naloxon tramadol promedol trimeperidin fentanyl ketamin thiopental propofol midazolam succinylcholin neostigmin
proserin pilocarpin timolol loperamid metoclopramid domperidon ondansetron bisacodyl lactulos pancreatin festal mezym
acetylcystein ambroxol bromhexin mucaltin levothyroxin thiamazol metformin glibenclamid gliclazid oxytocin
methylergometrin progesteron testosteron estradiol diclofenac ketoprofen meloxicam nimesulid indometacin ketorolac
baralgin spasmalgon simvastatin atorvastatin rosuvastatin allopurinol colchicin methotrexat cyclophosphamid dextran
reopolyglucin polyglucin glucos albumin fibrinogen aminocapronic etamsylat dicynon ichthyol camphor menthol xeroform
dermatol bepanthen dexpanthenol chlorhexidin furacilin nitrofural furazolidon nitrofurantoin cordiamin caffein
sulfocamphocain pentoxifyllin dipyridamol validol corvalol valocordin broncholytin sumatriptan
""".split()  # noqa: SIM905

# Plants as they stand in prescriptions: the genitive.
DRUGS = """
farfarae valerianae leonuri menthae piperitae salviae chamomillae matricariae calendulae tiliae althaeae digitalis
urticae plantaginis millefolii hyperici crataegi rosae sennae frangulae quercus eucalypti belladonnae convallariae
adonidis vernalis strophanthi ginseng eleutherococci schizandrae arnicae absinthii thymi origani serpylli sambuci
juniperi betulae pini ricini helianthi persicorum amygdalarum anisi foeniculi coriandri carvi allii cepae sativi
glycyrrhizae inulae violae polygoni bidentis chelidonii tanaceti equiseti uvae ursi vitis idaeae myrtilli rubi idaei
sorbi viburni rhamni catharticae rhei gentianae taraxaci centaurii trifoliatae ledi palustris thermopsidis
ipecacuanhae secalis cornuti linii lini maydis lupuli aloes cacao terebinthinae vaselini jecoris aselli
""".split()  # noqa: SIM905
