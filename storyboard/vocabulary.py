"""The words of a story: every list of values that its fields choose from."""

from __future__ import annotations

from enum import Enum


class Size(str, Enum):
    """Shot size, from the closest to the widest."""

    EXTREME_CLOSE_UP = "ECU"
    CLOSE_UP = "CU"
    MEDIUM_CLOSE_UP = "MCU"
    MEDIUM = "MS"
    MEDIUM_LONG = "MLS"
    FULL = "FS"
    WIDE = "WS"
    EXTREME_WIDE = "EWS"


FACE_TOO_SMALL = frozenset({Size.WIDE, Size.EXTREME_WIDE})
"""Sizes in which a face is too small to be a reference, or to be measured for certain."""


class Angle(str, Enum):
    """Where the camera stands."""

    EYE = "eye"
    LOW = "low"
    HIGH = "high"
    DUTCH = "dutch"
    OVER_SHOULDER = "over_shoulder"
    TOP = "top"


class Move(str, Enum):
    """What the camera does during the shot."""

    STATIC = "static"
    PAN_LEFT = "pan_left"
    PAN_RIGHT = "pan_right"
    TILT_UP = "tilt_up"
    TILT_DOWN = "tilt_down"
    PUSH_IN = "push_in"
    PULL_OUT = "pull_out"
    TRACK_LEFT = "track_left"
    TRACK_RIGHT = "track_right"
    CRANE_UP = "crane_up"
    HANDHELD = "handheld"


class Time(str, Enum):
    """Time of day of a scene."""

    DAWN = "dawn"
    DAY = "day"
    SUNSET = "sunset"
    NIGHT = "night"


class Weather(str, Enum):
    """What falls, blows or lies in the air of a shot outside."""

    CLEAR = "clear"
    RAIN = "rain"
    SNOW = "snow"
    STORM = "storm"
    """Rain under a dark sky, with lightning."""
    FOG = "fog"
    WIND = "wind"


class Facing(str, Enum):
    """Which way a figure faces, seen from the camera."""

    FRONT = "front"
    FRONT_LEFT = "front_left"
    FRONT_RIGHT = "front_right"
    LEFT = "left"
    RIGHT = "right"
    BACK = "back"


class Position(str, Enum):
    """Where a figure stands across the frame."""

    FAR_LEFT = "far_left"
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    FAR_RIGHT = "far_right"


class Depth(str, Enum):
    """How far a figure stands from the camera, relative to the subject of the shot."""

    FOREGROUND = "foreground"
    MIDGROUND = "midground"
    BACKGROUND = "background"


class Emotion(str, Enum):
    """The emotion a face and body show."""

    NEUTRAL = "neutral"
    HAPPY = "happy"
    SLY = "sly"
    LAUGHING = "laughing"
    SURPRISED = "surprised"
    ANGRY = "angry"
    SAD = "sad"
    AFRAID = "afraid"
    GREEDY = "greedy"
    PROUD = "proud"
    TIRED = "tired"
    CURIOUS = "curious"


class Pose(str, Enum):
    """Names of the pose library (``staging/blocking/poses.py`` draws every one)."""

    STANDING = "standing"
    WALKING = "walking"
    RUNNING = "running"
    SITTING = "sitting"
    SITTING_CROSS_LEGGED = "sitting_cross_legged"
    KNEELING = "kneeling"
    RIDING = "riding"
    BOWING = "bowing"
    POINTING = "pointing"
    HANDS_ON_HIPS = "hands_on_hips"
    ARMS_CROSSED = "arms_crossed"
    ARMS_RAISED = "arms_raised"
    ARMS_SPREAD = "arms_spread"
    HAND_ON_CHIN = "hand_on_chin"
    HAND_ON_CHEST = "hand_on_chest"
    HEAD_IN_HANDS = "head_in_hands"
    HANDING_OVER = "handing_over"
    RECEIVING = "receiving"
    GRABBING = "grabbing"
    HOLDING = "holding"
    LIFTING = "lifting"
    CARRYING = "carrying"
    DIGGING = "digging"
    LAUGHING = "laughing"
    SHOUTING = "shouting"
    WHISPERING = "whispering"
    SNEAKING = "sneaking"
    CROUCHING = "crouching"
    PRAYING = "praying"
    PLAYING_DOMBRA = "playing_dombra"
    SLEEPING = "sleeping"
    FALLING = "falling"
    WAVING = "waving"
    BECKONING = "beckoning"
    PEEKING = "peeking"
    EATING = "eating"
    JUMPING = "jumping"
    EMBRACING = "embracing"
    """Two who embrace stand in contact."""
    SHAKING_HANDS = "shaking_hands"
    FIGHTING = "fighting"
    DANCING = "dancing"
    CLIMBING = "climbing"
    FLYING = "flying"
    SWIMMING = "swimming"
    STEERING = "steering"
    """At a wheel, seated."""
    READING = "reading"
    TYPING = "typing"
    """Hands busy on a desk: at keys, a bench, a stove."""
    PHONING = "phoning"
    AIMING = "aiming"
    THROWING = "throwing"
    PUSHING = "pushing"
    LYING = "lying"
    """Awake, or dead; asleep is ``sleeping``."""
    CRYING = "crying"


class PropKind(str, Enum):
    """Animals and things the staging can draw; ``thing`` stands for all others, with a label."""

    THING = "thing"
    CAT = "cat"
    GOAT = "goat"
    COW = "cow"
    PIG = "pig"
    BEAR = "bear"
    WOLF = "wolf"
    FOX = "fox"
    LION = "lion"
    TIGER = "tiger"
    ELEPHANT = "elephant"
    MONKEY = "monkey"
    RABBIT = "rabbit"
    MOUSE = "mouse"
    BIRD = "bird"
    FISH = "fish"
    DRAGON = "dragon"

    HORSE = "horse"
    DOG = "dog"
    SHEEP = "sheep"
    CAMEL = "camel"
    DONKEY = "donkey"
    YURT = "yurt"
    CHEST = "chest"
    GOLD_BAG = "gold_bag"
    COINS = "coins"
    DOMBRA = "dombra"
    ROBE = "robe"
    HAT = "hat"
    TREE = "tree"
    WELL = "well"
    FIRE = "fire"
    CAULDRON = "cauldron"
    CART = "cart"
    STALL = "stall"
    CARPET = "carpet"
    BOWL = "bowl"
    STAFF = "staff"
    SHOVEL = "shovel"
    ROPE = "rope"
    BOOK = "book"
    ROCK = "rock"
    TABLE = "table"
    DOOR = "door"

    PHONE = "phone"
    LAPTOP = "laptop"
    COMPUTER = "computer"
    CUP = "cup"
    GLASS = "glass"
    BOTTLE = "bottle"
    PLATE = "plate"
    BAG = "bag"
    BACKPACK = "backpack"
    SUITCASE = "suitcase"
    BOX = "box"
    GIFT = "gift"
    BASKET = "basket"
    BUCKET = "bucket"
    LETTER = "letter"
    PAPER = "paper"
    NEWSPAPER = "newspaper"
    MAP = "map"
    PEN = "pen"
    MONEY = "money"
    KEY = "key"
    RING = "ring"
    CROWN = "crown"
    MASK = "mask"
    MEDAL = "medal"
    TROPHY = "trophy"
    SWORD = "sword"
    KNIFE = "knife"
    AXE = "axe"
    HAMMER = "hammer"
    SHIELD = "shield"
    BOW = "bow"
    GUN = "gun"
    WAND = "wand"
    BROOM = "broom"
    LADDER = "ladder"
    CAMERA = "camera"
    TELESCOPE = "telescope"
    MICROPHONE = "microphone"
    GUITAR = "guitar"
    VIOLIN = "violin"
    DRUM = "drum"
    PIANO = "piano"
    BALL = "ball"
    DOLL = "doll"
    TEDDY = "teddy"
    KITE = "kite"
    BALLOON = "balloon"
    UMBRELLA = "umbrella"
    FLOWER = "flower"
    APPLE = "apple"
    BREAD = "bread"
    CAKE = "cake"
    EGG = "egg"
    BONE = "bone"
    SKULL = "skull"
    FEATHER = "feather"
    CANDLE = "candle"
    LANTERN = "lantern"
    TORCH = "torch"
    LAMP = "lamp"
    STREETLAMP = "streetlamp"
    CLOCK = "clock"
    HOURGLASS = "hourglass"
    MIRROR = "mirror"
    PICTURE = "picture"
    TELEVISION = "television"
    RADIO = "radio"
    CHAIR = "chair"
    ARMCHAIR = "armchair"
    SOFA = "sofa"
    BED = "bed"
    DESK = "desk"
    BENCH = "bench"
    WARDROBE = "wardrobe"
    BOOKCASE = "bookcase"
    FRIDGE = "fridge"
    STOVE = "stove"
    BATHTUB = "bathtub"
    SAFE = "safe"
    BARREL = "barrel"
    THRONE = "throne"
    STATUE = "statue"
    FOUNTAIN = "fountain"
    GRAVESTONE = "gravestone"
    SIGN = "sign"
    FLAG = "flag"
    ANCHOR = "anchor"
    MACHINE = "machine"
    TENT = "tent"
    SNOWMAN = "snowman"
    SPRUCE = "spruce"
    PALM = "palm"
    CACTUS = "cactus"
    MUSHROOM = "mushroom"
    BICYCLE = "bicycle"
    MOTORBIKE = "motorbike"
    CAR = "car"
    TAXI = "taxi"
    VAN = "van"
    BUS = "bus"
    TRUCK = "truck"
    TRACTOR = "tractor"
    TRAIN = "train"
    TRAM = "tram"
    BOAT = "boat"
    SAILBOAT = "sailboat"
    SHIP = "ship"
    SUBMARINE = "submarine"
    PLANE = "plane"
    HELICOPTER = "helicopter"
    ROCKET = "rocket"
    UFO = "ufo"
    HOT_AIR_BALLOON = "hot_air_balloon"
    SLED = "sled"
    WHEELCHAIR = "wheelchair"
    HOUSE = "house"
    SKYSCRAPER = "skyscraper"
    TOWER = "tower"
    CASTLE = "castle"
    CHURCH = "church"
    LIGHTHOUSE = "lighthouse"
    WINDMILL = "windmill"
    BRIDGE = "bridge"
    FENCE = "fence"
    ROBOT_TOY = "robot_toy"
    GLOBE = "globe"
    SYRINGE = "syringe"
    FLASK = "flask"
    PILL = "pill"
    TICKET = "ticket"
    SHOE = "shoe"
    DRESS = "dress"
    GLASSES = "glasses"
    WHEEL = "wheel"
    NET = "net"
    FISHING_ROD = "fishing_rod"
    DIAMOND = "diamond"
    COFFIN = "coffin"
    CAGE = "cage"
    BOMB = "bomb"
    FOOTBALL = "football"
    SKATEBOARD = "skateboard"

    FROG = "frog"
    TURTLE = "turtle"
    SNAKE = "snake"
    CROCODILE = "crocodile"
    SPIDER = "spider"
    BEE = "bee"
    BUTTERFLY = "butterfly"
    OCTOPUS = "octopus"
    CRAB = "crab"
    SNAIL = "snail"
    WHALE = "whale"
    PENGUIN = "penguin"
    OWL = "owl"
    TEAPOT = "teapot"

    SUN = "sun"
    MOON = "moon"
    STAR = "star"
    COMET = "comet"
    PLANET = "planet"
    RAINBOW = "rainbow"
    CLOUD = "cloud"
    AURORA = "aurora"
    ECLIPSE = "eclipse"
    LIGHTNING = "lightning"


IN_THE_SKY = frozenset(
    {
        PropKind.SUN,
        PropKind.MOON,
        PropKind.STAR,
        PropKind.COMET,
        PropKind.PLANET,
        PropKind.RAINBOW,
        PropKind.CLOUD,
        PropKind.AURORA,
        PropKind.ECLIPSE,
        PropKind.LIGHTNING,
    }
)
"""What stands in the sky of a shot, never on its floor."""
BY_NIGHT = frozenset(
    {PropKind.MOON, PropKind.STAR, PropKind.COMET, PropKind.PLANET, PropKind.AURORA}
)
"""What is seen in the sky by night, unless the words say otherwise."""


class Bulk(str, Enum):
    """How large a thing is that has no drawing of its own."""

    HAND = "hand"
    FURNITURE = "furniture"
    VEHICLE = "vehicle"
    BUILDING = "building"


class Kind(str, Enum):
    """What sort of being a character is."""

    PERSON = "person"
    CHILD = "child"
    ANIMAL = "animal"
    ROBOT = "robot"
    MANNEQUIN = "mannequin"
    """A plain grey figure, for somebody of whom nothing is known."""


class Sex(str, Enum):
    """Whether a figure is drawn as a woman or a man."""

    UNSAID = "unsaid"
    FEMALE = "female"
    MALE = "male"


class Age(str, Enum):
    """How old a grown figure looks."""

    YOUNG = "young"
    ADULT = "adult"
    OLD = "old"


class Hair(str, Enum):
    """Hair styles the staging can draw."""

    BALD = "bald"
    SHORT = "short"
    CURLY = "curly"
    BOB = "bob"
    LONG = "long"
    BRAID = "braid"
    PONYTAIL = "ponytail"
    BUN = "bun"


class Garment(str, Enum):
    """Main garments the staging can draw."""

    CHAPAN = "chapan"
    """The robe of the steppe, with its ornament."""
    ROBE = "robe"
    SUIT = "suit"
    DRESS = "dress"
    SHIRT = "shirt"
    """With trousers."""
    COAT = "coat"
    JACKET = "jacket"
    UNIFORM = "uniform"
    ARMOUR = "armour"
    SPACESUIT = "spacesuit"
    APRON = "apron"
    HOODIE = "hoodie"
    LAB_COAT = "lab_coat"
    CLOAK = "cloak"
    OVERALLS = "overalls"


class Build(str, Enum):
    """Body type of a character."""

    LEAN = "lean"
    AVERAGE = "average"
    ROUND = "round"
    TALL = "tall"


class Hat(str, Enum):
    """Headwear the staging can draw."""

    NONE = "none"
    POINTED = "pointed"
    FUR = "fur"
    TURBAN = "turban"
    KIMESHEK = "kimeshek"
    """The white headdress of a Kazakh woman, which frames the face."""
    SCARF = "scarf"
    CAP = "cap"
    CROWN = "crown"
    WIDE_BRIM = "wide_brim"
    HELMET = "helmet"
    HOOD = "hood"


class Beard(str, Enum):
    """Facial hair the staging can draw."""

    NONE = "none"
    MOUSTACHE = "moustache"
    GOATEE = "goatee"
    FULL = "full"
    LONG = "long"


class Numbering(str, Enum):
    """How shots are numbered, see :mod:`.numbering`."""

    PLAIN = "1"
    """1, 2, 3; between 3 and 4: 3A."""
    TENS = "010"
    """010, 020, 030; between 030 and 040: 035."""
    SCENES = "1A"
    """The scene and a letter: 1A, 1B, 2A; between 1A and 1B: 1A1."""
    PRODUCTION = "SC01_SH010"
    """The scene and the shot in tens: SC01_SH010, SC01_SH020, SC02_SH010."""


class Drawing(str, Enum):
    """The hand that draws the panels; the layout is the same in all of them."""

    STORYBOOK = "storybook"
    """In colour."""
    PENCIL = "pencil"
    """Black lines on white."""
    MANNEQUIN = "mannequin"
    """Grey figures."""


class BoardFormat(str, Enum):
    """Aspect ratio of every frame of the board."""

    SQUARE = "1:1"
    CLASSIC = "4:3"
    WIDE = "16:9"
    SCOPE = "2.39:1"
    VERTICAL = "9:16"

    @property
    def pixels(self) -> tuple[int, int]:
        """(width, height) in pixels: the sizes SDXL was trained on."""
        return {
            BoardFormat.SQUARE: (1024, 1024),
            BoardFormat.CLASSIC: (1152, 896),
            BoardFormat.WIDE: (1344, 768),
            BoardFormat.SCOPE: (1536, 640),
            BoardFormat.VERTICAL: (768, 1344),
        }[self]
