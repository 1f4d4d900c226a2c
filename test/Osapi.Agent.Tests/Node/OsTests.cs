using Osapi.Agent.Tests.Hosts;
using Osapi.Operations.Node;

namespace Osapi.Agent.Tests.Node;

public sealed class OsTests
{
    private const string Debian = """
        PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
        NAME="Debian GNU/Linux"
        VERSION_ID="12"
        VERSION="12 (bookworm)"
        VERSION_CODENAME=bookworm
        ID=debian
        HOME_URL="https://www.debian.org/"
        SUPPORT_URL="https://www.debian.org/support"
        BUG_REPORT_URL="https://bugs.debian.org/"

        """;

    private const string Ubuntu = """
        PRETTY_NAME="Ubuntu 24.04.1 LTS"
        NAME="Ubuntu"
        VERSION_ID="24.04"
        VERSION="24.04.1 LTS (Noble Numbat)"
        VERSION_CODENAME=noble
        ID=ubuntu
        ID_LIKE=debian
        UBUNTU_CODENAME=noble
        LOGO=ubuntu-logo

        """;

    private const string Alpine = """
        NAME="Alpine Linux"
        ID=alpine
        VERSION_ID=3.20.3
        PRETTY_NAME="Alpine Linux v3.20"
        HOME_URL="https://alpinelinux.org/"

        """;

    private const string Arch = """
        NAME="Arch Linux"
        PRETTY_NAME="Arch Linux"
        ID=arch
        BUILD_ID=rolling
        ANSI_COLOR="38;2;23;147;209"

        """;

    private const string Leap = """
        NAME="openSUSE Leap"
        VERSION="15.6"
        ID="opensuse-leap"
        ID_LIKE="suse opensuse"
        VERSION_ID="15.6"
        CPE_NAME="cpe:/o:opensuse:leap:15.6"

        """;

    [Theory]
    [InlineData(Debian, "debian", "12")]
    [InlineData(Ubuntu, "ubuntu", "24.04")]
    [InlineData(Alpine, "alpine", "3.20.3")]
    [InlineData(Arch, "arch", "")]
    [InlineData(Leap, "opensuse-leap", "15.6")]
    public async Task Distributions_are_identified_by_their_id_and_version(string file, string distribution, string version)
    {
        using var tree = new PreparedTree().With("etc/os-release", file);

        Assert.Equal(new(distribution, version), (await tree.ResultAsync(NodeOperations.Os)).OsInfo);
    }

    [Theory]
    [InlineData("ID='single'", "single")]
    [InlineData("ID=\"double\"", "double")]
    [InlineData("ID=ba\\re", "bare")]
    [InlineData("ID=\"a\\\"b\\\\c\\$d\\`e\\f\"", "a\"b\\c$d`e\\f")]
    [InlineData("ID='a\\b\"c'", "a\\b\"c")]
    [InlineData("ID=one\"-two\"'-three'", "one-two-three")]
    [InlineData("ID=debian # not part of it", "debian")]
    [InlineData("ID=UPPER", "upper")]
    [InlineData("ID=first\nID=last", "last")]
    [InlineData("#ID=comment\n  ID=indented\r\n", "indented")]
    [InlineData("ID=a=b", "a=b")]
    [InlineData("ID=\"unclosed", "unclosed")]
    [InlineData("ID=trailing\\", "trailing\\")]
    [InlineData("ID=", "linux")]
    [InlineData("NAME=Nothing\nnonsense\n=x", "linux")]
    [InlineData("", "linux")]
    public async Task Values_are_quoted_as_in_a_shell(string file, string distribution)
    {
        using var tree = new PreparedTree().With("etc/os-release", file);

        Assert.Equal(distribution, (await tree.ResultAsync(NodeOperations.Os)).OsInfo.Distribution);
    }

    [Fact]
    public async Task The_vendors_file_counts_where_there_is_no_local_one()
    {
        using var tree = new PreparedTree().With("usr/lib/os-release", Alpine);
        Assert.Equal("alpine", (await tree.ResultAsync(NodeOperations.Os)).OsInfo.Distribution);

        tree.With("etc/os-release", Debian);
        Assert.Equal("debian", (await tree.ResultAsync(NodeOperations.Os)).OsInfo.Distribution);
    }

    [Fact]
    public async Task Without_either_file_it_fails_and_names_both()
    {
        using PreparedTree tree = new();

        Assert.Equal("the distribution cannot be determined: there is neither /etc/os-release nor /usr/lib/os-release", await tree.ErrorAsync(NodeOperations.Os));
    }
}
