using Osapi.Agent.Hosts.Packages;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Packages;

/// <summary>Tests of what apt 2.6 printed on a Debian 12.</summary>
public sealed class AptOutputTests
{
    [Fact]
    public void A_simulation_has_versions_origins_and_architectures()
    {
        var simulation = AptSimulation.Parse("""
            Reading package lists...
            The following packages have been kept back:
              acme-held
              linux-image-amd64 acme-two
            The following packages will be upgraded:
              libc6
            2 upgraded, 1 newly installed, 1 to remove and 3 not upgraded.
            Inst hello (2.10-3 Debian:12.15/oldstable [amd64])
            Inst libc6:i386 [2.36-9+deb12u7] (2.36-9+deb12u10 Debian:12.15/oldstable, Debian-Security:12/oldstable-security [i386]) [libc6:amd64 ]
            Inst acme-tool [1.0] (1:2.0 localhost [all]) []
            Remv acme-one [1.0]
            Purg acme-two:i386 [2.0]
            Conf hello (2.10-3 Debian:12.15/oldstable [amd64])

            """);

        Assert.Equal(
            [
                new("hello", "amd64", null, "2.10-3", "Debian:12.15/oldstable"),
                new("libc6", "i386", "2.36-9+deb12u7", "2.36-9+deb12u10", "Debian:12.15/oldstable, Debian-Security:12/oldstable-security"),
                new("acme-tool", "all", "1.0", "1:2.0", "localhost"),
            ],
            simulation.Installed);
        Assert.Equal([("acme-one", "1.0"), ("acme-two", "2.0")], simulation.Removed.Select(step => (step.Name, step.From)));
        Assert.Equal(["acme-held", "linux-image-amd64", "acme-two"], simulation.KeptBack);
        Assert.True(simulation.HasChanges);
    }

    [Fact]
    public void A_policy_has_the_versions_newest_first_and_none_for_a_virtual_package()
    {
        var policies = AptPolicy.Parse("""
            g++:
              Installed: 4:12.2.0-3
              Candidate: 4:12.2.0-3
              Version table:
                 4:13.2.0-1 500
                    500 http://deb.debian.org/debian trixie/main amd64 Packages
             *** 4:12.2.0-3 500
                    500 http://deb.debian.org/debian bookworm/main amd64 Packages
                    100 /var/lib/dpkg/status
            mail-transport-agent:
              Installed: (none)
              Candidate: (none)
              Version table:

            """);

        Assert.Equal(["g++", "mail-transport-agent"], policies.Keys);
        Assert.Equal(["4:13.2.0-1", "4:12.2.0-3"], policies["g++"].Versions);
        Assert.Empty(policies["mail-transport-agent"].Versions);
    }

    [Theory]
    [InlineData("E: Unable to locate package acme", ErrorType.NotFound, "Unable to locate package acme")]
    [InlineData("E: Held packages were changed and -y was used without --allow-change-held-packages.", ErrorType.Conflict, "a package on hold would change: allow_held allows it (Held packages were changed and -y was used without --allow-change-held-packages.)")]
    [InlineData("E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 812 (apt-get)\nE: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?", ErrorType.Unavailable, "Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 812 (apt-get); Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?")]
    [InlineData("E: You don't have enough free space in /var/cache/apt/archives/.", ErrorType.Unavailable, "You don't have enough free space in /var/cache/apt/archives/.")]
    [InlineData("dpkg: error processing package acme (--configure):\n installed acme package post-installation script subprocess returned error exit status 3\nE: Sub-process /usr/bin/dpkg returned an error code (1)", ErrorType.Failed, "processing package acme (--configure): installed acme package post-installation script subprocess returned error exit status 3; Sub-process /usr/bin/dpkg returned an error code (1)")]
    [InlineData("The following packages have unmet dependencies:\n acme : Depends: none (>= 3) but it is not installable\nE: Unable to correct problems, you have held broken packages.", ErrorType.Conflict, "The following packages have unmet dependencies: acme : Depends: none (>= 3) but it is not installable; Unable to correct problems, you have held broken packages.")]
    [InlineData("", ErrorType.Failed, "exit code 100")]
    public void An_error_has_its_kind_and_the_lines_that_name_the_cause(string output, ErrorType type, string message) =>
        Assert.Equal((type, message), AptErrors.Explain(output, 100));

    [Fact]
    public void A_message_is_bounded_whatever_a_script_prints()
    {
        var (_, message) = AptErrors.Explain(string.Join('\n', Enumerable.Range(0, 10_000).Select(number => $"E: {number}")), 1);

        Assert.True(message.Length < 2100);
    }
}
