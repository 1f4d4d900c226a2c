using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Osapi.Hosts.Tests.Hosts;

namespace Osapi.Hosts.Tests.Packages;

/// <summary>A repository of small packages on a host, which is the only source of its apt.</summary>
internal sealed class TestRepository(TestHost host)
{
    private const string Place = "/opt/repo";

    private readonly Dictionary<string, string> index = [];

    /// <summary>Removes all test packages, whatever state they are in, and starts an empty repository.</summary>
    public static async Task<TestRepository> OpenAsync(TestHost host)
    {
        await host.MustAsync("bash", "-c", $"""
            rm -rf {Place} /etc/apt/sources.list.d/* /var/lib/dpkg/info/acme-*.p* /var/lib/dpkg/updates/*
            mkdir -p {Place} /etc/apt/sources.list.d
            echo 'deb [trusted=yes] copy:{Place} ./' > /etc/apt/sources.list
            names=$(dpkg-query -W -f '${"{"}Package{"}"}\n' 'acme-*' 2>/dev/null)
            [ -z "$names" ] || dpkg --purge --force-all $names
            rm -rf /etc/acme* /run/acme* /etc/apt/sources.list.d/*
            """);
        return new(host);
    }

    /// <summary>Adds a package, which apt knows after the next refresh.</summary>
    /// <param name="name">The name.</param>
    /// <param name="version">The version.</param>
    /// <param name="fields">More fields of its control file, a line each.</param>
    /// <param name="scripts">Its scripts, such as postinst, without the first line.</param>
    /// <param name="conffile">The content of its configuration file; null for none.</param>
    /// <param name="padding">The size of a file that does not compress, in bytes.</param>
    public async Task<TestRepository> AddAsync(string name, string version, string fields = "", IReadOnlyDictionary<string, string>? scripts = null, string? conffile = null, int padding = 0)
    {
        var file = $"{name}_{version.Replace(':', '-')}_all.deb";
        var build = host.Outside("/opt/build");
        if (Directory.Exists(build))
            Directory.Delete(build, recursive: true);
        var control = $"Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: Acme <acme@example.com>\n{(fields.Length > 0 ? fields + "\n" : "")}Description: {name} of the tests\n";
        Write(build, "DEBIAN/control", control);
        Write(build, $"usr/share/{name}/version", version);
        foreach (var (script, text) in scripts ?? new Dictionary<string, string>())
        {
            Write(build, $"DEBIAN/{script}", script is "templates" ? text : $"#!/bin/sh\nset -e\n{text}\n");
            File.SetUnixFileMode(Path.Combine(build, "DEBIAN", script), (UnixFileMode)(script is "templates" ? 0x1A4 : 0x1ED));
        }

        if (conffile is not null)
        {
            Write(build, $"etc/{name}.conf", conffile);
            Write(build, "DEBIAN/conffiles", $"/etc/{name}.conf\n");
        }

        if (padding > 0)
            File.WriteAllBytes(Path.Combine(build, $"usr/share/{name}/padding"), RandomNumberGenerator.GetBytes(padding));
        await host.MustAsync("dpkg-deb", "--root-owner-group", "-b", "/opt/build", $"{Place}/{file}");
        var bytes = await File.ReadAllBytesAsync(host.Outside($"{Place}/{file}"), TestContext.Current.CancellationToken);
        index[file] = $"{control}Filename: ./{file}\nSize: {bytes.Length.ToString(CultureInfo.InvariantCulture)}\nSHA256: {Convert.ToHexStringLower(SHA256.HashData(bytes))}\n";
        await File.WriteAllTextAsync(host.Outside($"{Place}/Packages"), string.Join('\n', index.Values), TestContext.Current.CancellationToken);
        return this;
    }

    /// <summary>Refreshes the index without the product.</summary>
    public async Task<TestRepository> ReadyAsync()
    {
        await host.MustAsync("apt-get", "-q", "update");
        return this;
    }

    private static void Write(string directory, string name, string text)
    {
        var path = Path.Combine(directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text, new UTF8Encoding(false));
    }
}
