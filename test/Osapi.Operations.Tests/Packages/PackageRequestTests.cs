using Osapi.Operations.Json;
using Osapi.Operations.Packages;

namespace Osapi.Operations.Tests.Packages;

public sealed class PackageRequestTests
{
    [Theory]
    [InlineData("nginx")]
    [InlineData("g++")]
    [InlineData("libstdc++6")]
    [InlineData("0ad")]
    [InlineData("libc6:amd64")]
    [InlineData("python3.11")]
    [InlineData("nginx=1.22.1-9")]
    [InlineData("libc6:amd64=2:2.36-9+deb12u1~bpo1")]
    [InlineData("nginx=1.22*")]
    public void Names_of_packages_are_accepted(string name) => Assert.Equal(name, new InstallPackages { Names = [name] }.Names[0].Value);

    [Theory]
    [InlineData("openssh-server-")]
    [InlineData("-y")]
    [InlineData("--purge")]
    [InlineData("-oDPkg::Pre-Invoke::=reboot")]
    [InlineData("./evil.deb")]
    [InlineData("/tmp/evil.deb")]
    [InlineData("evil.deb/")]
    [InlineData("nginx/stable")]
    [InlineData("a")]
    [InlineData("")]
    [InlineData("Nginx")]
    [InlineData("a b")]
    [InlineData("a;b")]
    [InlineData("a\nb")]
    [InlineData("nginx\n")]
    [InlineData("a\0b")]
    [InlineData("../a")]
    [InlineData("lib*")]
    [InlineData("?name(a)")]
    [InlineData("~nnginx")]
    [InlineData("nginx=")]
    [InlineData("nginx=-1")]
    [InlineData("nginx=1 -y")]
    [InlineData("nginx=1*2")]
    [InlineData("nginx:")]
    [InlineData("nginx:amd64-:x")]
    [InlineData("task^")]
    public void What_apt_would_take_for_something_else_is_refused(string name)
    {
        Assert.Throws<FormatException>(() => (PackageSelector)name);
        Assert.Throws<FormatException>(() => (PackageName)name);
    }

    [Fact]
    public void Rules_over_several_members()
    {
        Assert.Equal(["names must not name nginx twice"], Problems(new InstallPackages { Names = ["nginx", "nginx=1.2"] }));
        Assert.Equal(["state must be present for a package with a version"], Problems(new InstallPackages { Names = ["nginx=1.2"], State = PackageState.Latest }));
        Assert.Equal(["names must not name nginx twice"], Problems(new RemovePackages { Names = ["nginx", "nginx"] }));
        Assert.Equal(["names must not name nginx twice"], Problems(new HoldPackages { Names = ["nginx", "nginx"], Held = true }));
        Assert.Equal(["mode must be safe when only some packages are upgraded", "only must not name nginx twice"], Problems(new UpgradePackages { Only = ["nginx", "nginx"], Mode = UpgradeMode.Full }));
        Assert.Empty(Problems(new InstallPackages { Names = ["nginx", "nginx-common=1.2"] }));
    }

    [Theory]
    [InlineData("https://user:secret@deb.example.com/debian")]
    [InlineData("deb.example.com")]
    [InlineData("ftp://deb.example.com")]
    [InlineData("https://deb.example.com/a b")]
    [InlineData("https://deb.example.com/\nTrusted: yes")]
    public void Addresses_with_credentials_or_with_more_than_an_address_are_refused(string address) => Assert.Throws<FormatException>(() => (RepositoryAddress)address);

    [Fact]
    public void A_repository_has_components_or_a_path_and_a_key_or_trust()
    {
        UpdateRepository request = new() { Name = "acme", Uris = ["https://deb.example.com/debian"], Suites = ["bookworm"], Components = ["main"] };

        Assert.Empty(Problems(request));
        Assert.Empty(Problems(request with { Suites = ["./"], Components = null }));
        Assert.Equal(["components is required for suites, and must not be given for paths that end in /"], Problems(request with { Components = null }));
        Assert.Equal(["components is required for suites, and must not be given for paths that end in /"], Problems(request with { Suites = ["./"] }));
        Assert.Equal(
            ["trusted must not be true together with signed_by", "signed_by must be an armoured public key: -----BEGIN PGP PUBLIC KEY BLOCK-----"],
            Problems(request with { SignedBy = "AAAA", Trusted = true }));
    }

    [Fact]
    public void Time_limits_are_those_of_the_request_or_the_default()
    {
        Assert.Equal(TimeSpan.FromSeconds(600), PackageOperations.Install.TimeoutOf(new InstallPackages { Names = ["nginx"] }));
        Assert.Equal(TimeSpan.FromSeconds(5), PackageOperations.Remove.TimeoutOf(new RemovePackages { Names = ["nginx"], Timeout = 5 }));
        Assert.Equal(TimeSpan.FromSeconds(1800), PackageOperations.Upgrade.TimeoutOf(new UpgradePackages()));
        Assert.Equal(TimeSpan.FromSeconds(300), PackageOperations.Refresh.TimeoutOf(new RefreshIndex()));
    }

    private static IEnumerable<string> Problems(IValidatable request) => request.Validate().Select(problem => problem.ToString());
}
