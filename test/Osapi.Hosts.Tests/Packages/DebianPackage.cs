using System.Globalization;
using Osapi.Hosts.Tests.Documentation;
using Osapi.Hosts.Tests.Hosts;

namespace Osapi.Hosts.Tests.Packages;

/// <summary>Builds Debian packages from the published executable, as package.sh does.</summary>
internal static class DebianPackage
{
    /// <summary>The time of every file in a package of the tests.</summary>
    public static readonly DateTimeOffset Epoch = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Builds a package into a directory; returns its path.</summary>
    /// <param name="version">The version that it says.</param>
    /// <param name="directory">The directory.</param>
    /// <param name="compressed">False saves some time.</param>
    public static async Task<string> BuildAsync(string version, string directory, bool compressed = false)
    {
        if (Environment.GetEnvironmentVariable("OSAPI_BIN") is not { Length: > 0 })
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "in CI nothing may be left out: OSAPI_BIN names no executable");
            Assert.Skip("NOT TESTED: a package needs the executable that OSAPI_BIN names");
        }

        Needs.Check("dpkg-deb", "objdump");
        var (code, output, error) = await Tool.RunAsync(
            [
                "env", $"SOURCE_DATE_EPOCH={Epoch.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}", compressed ? "DPKG_DEB_COMPRESSOR_LEVEL=1" : "DPKG_DEB_COMPRESSOR_TYPE=none",
                Path.Combine(Programs.Repository, "packaging", "deb.sh"), Programs.Osapi, version, "amd64", directory,
            ],
            TestContext.Current.CancellationToken,
            TimeSpan.FromMinutes(5));
        Assert.True(code == 0, $"the package was not built: {output}{error}");
        return output.Trim();
    }

    /// <summary>Builds a package and copies it into a host; returns its path there.</summary>
    public static async Task<string> BuildForAsync(SystemdHost host, string version)
    {
        var directory = Directory.CreateTempSubdirectory("osapi-package-");
        try
        {
            var package = await BuildAsync(version, directory.FullName);
            var inside = $"/root/{Path.GetFileName(package)}";
            File.Copy(package, host.Outside(inside), overwrite: true);
            return inside;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
