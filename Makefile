# make                build everything for production (installs no packages)
# make install        DESTDIR= PREFIX=
# make demo           a night at the centre, on simulated cameras
# make check          rules, units, contract and scripted nights, gcc with ASan and UBSan
# make check-all      what is heavy: clang, valgrind, real terminals
# make screens        write tests/console/*.screen anew, after a change of a screen that was meant
# make zones          local time against an oracle: every zone, every change of offset, 1970 to 2100
# make mutants        deliberate defects, each of which the tests must find: ten minutes
# make cover          what of the service's rules the tests reach, by branch and by condition (MC/DC)
# make sim SEEDS=n    n nights from fresh seeds; make sim SEED=x: one, with its history
# make crash          a night's disk cut after every write: a hundred thousand points, five minutes
# make kill           hub, cameras and console killed at ten moments each: a quarter of an hour
# make residue        nothing of a picture stays: searched for in memory and files; ten minutes
# make bench          a look's time and bytes beside what others need for a picture
#
# VARIANT chooses the build: release, asan (gcc), clang (with ASan and UBSan), plain (for valgrind), cover.

VARIANT ?= release
PREFIX ?= /usr/local
DESTDIR ?=
BUILD := build/$(VARIANT)

FOLDERS := base core wire os store net pager camera picture signer console admin hub
PROGRAMS := tillsyn tillsyn-picture tillsyn-camera tillsynd tillsynd-signer tillsynctl

CC_release := gcc
CC_asan := gcc
CC_plain := gcc
CC_clang := clang
CC_cover := clang-19
CC := $(CC_$(VARIANT))

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
OPT_release := -O2 -D_FORTIFY_SOURCE=2
OPT_plain := -O1
OPT_asan := -O1 $(SANITIZE)
OPT_clang := -O1 $(SANITIZE)
# Assertions are left out: the side of them that nothing may reach is not one to count.
OPT_cover := -O1 -DNDEBUG -Wno-unused -fprofile-instr-generate -fcoverage-mapping -fcoverage-mcdc

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
	-Wwrite-strings -Wformat=2 -Wundef -Wvla
ifdef CI
WARN += -Werror
endif
CFLAGS := -std=c11 -D_GNU_SOURCE -g $(WARN) $(OPT_$(VARIANT)) -fstack-protector-strong -fPIE
LDFLAGS := -pie -Wl,-z,relro,-z,now $(filter -fsanitize% -fprofile%,$(OPT_$(VARIANT)))

# Which packages each folder's own sources use; a program links what its folders use.
PKG_wire := jansson
PKG_os := libsodium libseccomp openssl
PKG_store := sqlite3
PKG_net := libuv libwebsockets openssl
PKG_camera := libjpeg
PKG_picture := chafa libjpeg libpng
PKG_console := ncursesw
PKG_admin := jansson

# The arrows again, as link lines.
LINK_base := base
LINK_core := core os base
LINK_wire := wire core base
LINK_os := os base
LINK_store := store core os base
LINK_net := net os base
LINK_pager := pager core net os base
LINK_camera := camera wire net core os base
LINK_picture := picture core os base
LINK_signer := signer core os base
LINK_console := console wire net core os base
LINK_admin := admin wire net core os base
LINK_hub := hub wire store pager net core os base
# Scripted nights join everything that can run without a terminal.
LINK_night := hub camera console admin wire store pager net core os base
# The bench stands in for console and camera.
LINK_bench := core os base
# Local time is proven over the reader and the rules together.
LINK_zones := core os base
# So does the simulator; libsodium's random numbers and SQLite's files are its own.
LINK_sim := hub camera console wire store pager net core os base
PKG_sim := sqlite3 libsodium jansson

pkgs = $(sort $(foreach f,$(LINK_$(1)),$(PKG_$(f))))
pkg_cflags = $(if $(PKG_$(1)),$(shell pkg-config --cflags $(PKG_$(1)) | sed 's/-I/-isystem /g'))
pkg_libs = $(if $(call pkgs,$(1)),$(shell pkg-config --libs $(call pkgs,$(1))))
libs = -Wl,--start-group $(foreach f,$(LINK_$(1)),$(BUILD)/lib$(f).a) -Wl,--end-group

all: $(PROGRAMS:%=$(BUILD)/%)

MAIN_tillsyn := console
MAIN_tillsyn-picture := picture
MAIN_tillsyn-camera := camera
MAIN_tillsynd := hub
MAIN_tillsynd-signer := signer
MAIN_tillsynctl := admin

# A folder's library is all of its sources but main.c.
define folder
SRC_$(1) := $$(filter-out %/main.c,$$(wildcard src/$(1)/*.c))
OBJ_$(1) := $$(SRC_$(1):src/%.c=$(BUILD)/%.o)
$(BUILD)/$(1)/%.o: src/$(1)/%.c
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS) $(call pkg_cflags,$(1)) -Isrc -I$(BUILD)/generated -MMD -MP -c -o $$@ $$<
$(BUILD)/lib$(1).a: $$(OBJ_$(1))
	@rm -f $$@
	@mkdir -p $$(@D)
	ar rcs $$@ $$(OBJ_$(1))
endef
$(foreach f,$(FOLDERS),$(eval $(call folder,$(f))))

# A look's time is spent in loops over pixels.
FAST_release := -O3
$(BUILD)/picture/%.o: CFLAGS += $(FAST_$(VARIANT))

# Shipped files: the defaults are the files themselves, as numbers of a C array.
KEYMAPS := $(wildcard keymaps/*.keys)
THEMES := $(wildcard themes/*.theme)
define numbers
	@mkdir -p $(@D)
	od -An -v -tx1 $< | sed 's/ \(..\)/0x\1, /g' >$@.new && mv $@.new $@
endef
$(BUILD)/generated/console/%.inc: keymaps/%
	$(numbers)
$(BUILD)/generated/console/%.inc: themes/%
	$(numbers)
$(BUILD)/console/shipped.o: $(patsubst %,$(BUILD)/generated/console/%.inc,$(notdir $(KEYMAPS) $(THEMES)))

define program
$(BUILD)/$(1): $(BUILD)/$(MAIN_$(1))/main.o $(foreach f,$(LINK_$(MAIN_$(1))),$(BUILD)/lib$(f).a)
	$(CC) $(LDFLAGS) -o $$@ $$< $(call libs,$(MAIN_$(1))) $(call pkg_libs,$(MAIN_$(1))) -lm
endef
$(foreach p,$(PROGRAMS),$(eval $(call program,$(p))))

# Tests: tests/<folder>/test_*.c link what their folder links, and the folder's scene.
TEST_PKG_picture := vterm
HELP_hub := tests/hub/scene.c tests/hub/scene_steps.c
HELP_night := $(HELP_hub)
HELP_zones := tests/zones/oracle.c tests/zones/rules.c tests/zones/offsets.c tests/zones/nights.c

define tests
TESTS_$(1) := $$(patsubst tests/%.c,$(BUILD)/tests/%,$$(wildcard tests/$(1)/test_*.c))
$(BUILD)/tests/$(1)/%: tests/$(1)/%.c $(HELP_$(1)) $(foreach f,$(LINK_$(1)),$(BUILD)/lib$(f).a)
	@mkdir -p $$(@D)
	$(CC) $(CFLAGS) $(call pkg_cflags,$(1)) -Isrc -Itests -MMD -MP $(LDFLAGS) -o $$@ $$< $(HELP_$(1)) $(call libs,$(1)) \
		$(call pkg_libs,$(1)) $$(shell pkg-config --libs cmocka $(TEST_PKG_$(1))) -lm
-include $$(wildcard $(BUILD)/tests/$(1)/*.d)
endef
$(foreach f,$(FOLDERS) night zones,$(eval $(call tests,$(f))))
# They start the programs themselves.
$(BUILD)/tests/picture/test_process $(BUILD)/tests/picture/test_cells: | $(BUILD)/tillsyn-picture
$(BUILD)/tests/signer/test_process: | $(BUILD)/tillsynd-signer
$(BUILD)/tests/console/test_guardian $(BUILD)/tests/console/test_asking: | $(BUILD)/tillsyn

SIM_OBJ := $(patsubst tests/%.c,$(BUILD)/tests/%.o,$(wildcard tests/sim/*.c))
$(BUILD)/tests/sim/%.o: tests/sim/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(call pkg_cflags,sim) -Isrc -Itests -MMD -MP -c -o $@ $<
$(BUILD)/tests/sim/sim: $(SIM_OBJ) $(foreach f,$(LINK_sim),$(BUILD)/lib$(f).a)
	$(CC) $(LDFLAGS) -o $@ $(SIM_OBJ) $(call libs,sim) $(call pkg_libs,sim) -lm
-include $(wildcard $(BUILD)/tests/sim/*.d)

# What real terminals need: one that reads as slowly as it is told to, and a Linux console.
TERMINALS := slow_terminal linux_console
terminals: $(TERMINALS:%=$(BUILD)/tests/terminal/%)
$(BUILD)/tests/terminal/%: tests/terminal/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $<

# What looks for the rest of a picture decodes it as the picture process does.
residue-built: $(PROGRAMS:%=$(BUILD)/%) $(BUILD)/tests/residue/residue $(BUILD)/tests/terminal/slow_terminal
RESIDUE := $(wildcard tests/residue/*.c)
$(BUILD)/tests/residue/residue: $(RESIDUE) tests/residue/residue.h $(foreach f,$(LINK_picture),$(BUILD)/lib$(f).a)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -O2 $(call pkg_cflags,picture) -Isrc $(LDFLAGS) -o $@ $(RESIDUE) $(call libs,picture) \
		$(call pkg_libs,picture) -lm

UNITS := $(foreach f,$(FOLDERS),$(TESTS_$(f)))

units: $(UNITS)
	tests/run.sh $(UNITS)

# One folder's tests alone: make unit-core
unit-%: $(BUILD)/.always
	$(MAKE) --no-print-directory $(TESTS_$*) && tests/run.sh $(TESTS_$*)

$(BUILD)/.always: ;

RULES := tests/arrows.sh tests/pure.sh
CORES := $(shell nproc 2>/dev/null || echo 2)
SCRIPTS_LONG := tests/night/look.sh tests/night/hard_end.sh
SCRIPTS := $(filter-out %/lib.sh %/lib_ends.sh,$(wildcard tests/night/*.sh))

check:
	@tools/packages.sh build check
	@$(MAKE) --no-print-directory -j$(CORES) VARIANT=asan check-run

# The longest first. A scripted night mostly waits, so more run than there are cores.
check-run: all units-built bench-built sim-built residue-built $(TESTS_night) $(TESTS_zones)
	BUILD=$(BUILD) JOBS=3 tests/run.sh $(RULES) $(SCRIPTS_LONG) tests/residue/residue.sh \
		$(filter-out $(SCRIPTS_LONG),$(SCRIPTS)) tests/sim/seeds.sh $(UNITS) $(TESTS_zones) $(TESTS_night)

units-built: $(UNITS)

screens: $(BUILD)/tests/console/test_screens
	WRITE_SCREENS=1 $<

check-all:
	@tools/packages.sh build check check-all
	@tests/heavy.sh

zones:
	@tools/packages.sh build check
	@$(MAKE) -s --no-print-directory $(TESTS_zones)
	@ZONES=all tests/run.sh $(TESTS_zones)

mutants:
	@tools/packages.sh build check
	@tests/mutants/run.sh
	@tests/mutants/run.sh mechanical 25 1

cover:
	@tools/packages.sh build check cover
	@tests/cover.sh

kill:
	@tools/packages.sh build check
	@$(MAKE) -s --no-print-directory all
	@BUILD=$(BUILD) TEST_SECONDS=1800 tests/run.sh tests/deaths/kill.sh

# In the build that is shipped; make check does it with AddressSanitizer, whose freed memory is not used again at once.
# Then with each thing that keeps a picture from staying taken away.
residue:
	@tools/packages.sh build check
	@$(MAKE) -s --no-print-directory residue-built
	@BUILD=$(BUILD) tests/run.sh tests/residue/residue.sh
	@tests/residue/defects.sh

sim-built: $(BUILD)/tests/sim/sim

# Fresh seeds come from the clock; one that fails is shrunk and told with the command that replays it.
SEEDS ?= 200
sim:
	@tools/packages.sh build
	@$(MAKE) -s --no-print-directory sim-built
ifdef SEED
	@$(BUILD)/tests/sim/sim --seed $(SEED) --history $(SIM)
else
	@$(BUILD)/tests/sim/sim --seed $$(date +%s) --seeds $(SEEDS) --quiet $(SIM)
endif

# A night is some ten thousand points; more nights follow until there are enough.
CRASH_POINTS ?= 100000
crash:
	@tools/packages.sh build
	@$(MAKE) -s --no-print-directory sim-built
	@$(BUILD)/tests/sim/sim --seed $${SEED:-1} --residents 8 --nights 40 --crash $(CRASH_POINTS) $(SIM)

# The bench measures the release build, whatever VARIANT says.
BENCH := $(BUILD)/bench
bench:
	@tools/packages.sh build bench
	@$(MAKE) -s --no-print-directory VARIANT=release bench-built
	@BUILD=build/release bench/run.sh

bench-built: $(BUILD)/tillsyn-picture $(BENCH)/scene $(BENCH)/look $(BENCH)/command $(BENCH)/ssim $(BENCH)/log

$(BENCH)/log: bench/log.c $(foreach f,$(LINK_hub),$(BUILD)/lib$(f).a)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(call pkg_cflags,store) -Isrc $(LDFLAGS) -o $@ $< $(call libs,hub) $(call pkg_libs,hub) -lm

$(BENCH)/%: bench/%.c bench/screen.c bench/screen.h $(foreach f,$(LINK_bench),$(BUILD)/lib$(f).a)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -Isrc $(LDFLAGS) -o $@ $< bench/screen.c $(call libs,bench) $(call pkg_libs,bench) \
		$(shell pkg-config --libs libjpeg) -lm

demo:
	@tools/packages.sh build demo
	@$(MAKE) -s --no-print-directory all
	@BUILD=$(BUILD) demo/run.sh

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/tillsyn/keymaps $(DESTDIR)$(PREFIX)/share/tillsyn/themes
	install -m 755 $(PROGRAMS:%=$(BUILD)/%) $(DESTDIR)$(PREFIX)/bin/
	cp -R dist/. $(DESTDIR)$(PREFIX)/share/tillsyn/
	install -m 644 $(KEYMAPS) $(DESTDIR)$(PREFIX)/share/tillsyn/keymaps/
	install -m 644 $(THEMES) $(DESTDIR)$(PREFIX)/share/tillsyn/themes/

clean:
	rm -rf build

.PHONY: all terminals residue residue-built units units-built check check-run check-all screens zones mutants cover sim sim-built crash \
	bench bench-built kill demo install clean
.SECONDARY:
-include $(wildcard $(foreach f,$(FOLDERS),$(BUILD)/$(f)/*.d))
