# Sourced by the other scripts: installs Debian packages that are missing.

# need PACKAGE...: installs those of the packages that are not there. Elsewhere than on Debian and
# its relatives it says what is wanted and goes on.
need() {
    command -v dpkg-query >/dev/null || { echo "Not a Debian or Ubuntu: please see to the likes of: $*"; return 0; }
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || { echo "Please install as root: apt-get install ${missing[*]}"; return 1; }
        as_root=(sudo)
    fi
    echo "Installing: ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# A C compiler for crates that link, and what a window loads when it opens.
build_packages=(gcc libc6-dev ca-certificates)
window_packages=(
    libx11-6 libx11-xcb1 libxcursor1 libxi6 libxrandr2 libxkbcommon0 libxkbcommon-x11-0
    libwayland-client0 libvulkan1 mesa-vulkan-drivers libegl1 libgl1 libgl1-mesa-dri libdbus-1-3
)

# What plays videos.
video_packages=(ffmpeg)

need_rust() {
    command -v cargo >/dev/null || { echo "Rust is missing; https://rustup.rs says how to install it."; exit 1; }
}
