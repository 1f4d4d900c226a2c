using System.Security.Cryptography;
using System.Text;
using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations.Files;

namespace Osapi.Hosts.Tests.Checks;

/// <summary>Attributes of trees, files from a web server, and archives.</summary>
internal sealed class RandomFetches(Random random) : RandomKinds(random)
{
    private const string Content = "the file\n";
    private const int Port = 8099;

    private int files;

    public override IReadOnlyList<Func<IEnumerable<RandomTask>>> Kinds => [Attributes, Attributes, Download, Extract];

    /// <summary>Starts a web server on the host, which ends with it.</summary>
    public static async Task<BackgroundCommand> ServeAsync(TestHost host)
    {
        await host.MustAsync("sh", "-c", $"mkdir -p /srv/www; printf '{Content.Replace("\n", "\\n", StringComparison.Ordinal)}' > /srv/www/file");
        return host.Start("busybox", "httpd", "-f", "-p", $"127.0.0.1:{Port}", "-h", "/srv/www");
    }

    private IEnumerable<RandomTask> Attributes()
    {
        var path = $"{CheckPlace.Directory}/t{files++}";
        var lines = Pick(
            "true",
            $"echo text > {path}",
            $"mkdir -p {path}/a/b; touch {path}/a/b/c; chmod 600 {path}/a/b/c; chown daemon {path}/a/b",
            $"mkdir {path}; touch {path}/run; chmod 755 {path}/run; ln -s /etc/hostname {path}/out",
            $"ln -s /etc/hostname {path}");
        var recurses = Once(2);
        UpdateAttributes request = new()
        {
            Path = path,
            Recurse = recurses ? true : null,
            Mode = recurses ? (ModeChange)Pick("u=rwX,go=rX", "go-w", "o-rwx") : (ModeChange)Pick("0644", "0755", "u+x"),
            Owner = Once(3) ? (AccountName)Pick("root", "daemon", "nobody-at-all") : null,
            Group = Once(3) ? (AccountName)"daemon" : null,
        };
        return [After(lines, lines, FileOperations.UpdateAttributes, request)];
    }

    private IEnumerable<RandomTask> Download()
    {
        var path = $"{CheckPlace.Directory}/d{files++}";
        var lines = Pick("true", Written(path, Content), $"{Written(path, Content)}; chmod 600 {path}", Written(path, "another\n"), $"mkdir {path}");
        DownloadUrl request = new()
        {
            SourceUrl = $"http://127.0.0.1:{Port}/file",
            Path = Once(4) ? $"{path}/below/it" : path,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Content))),
            Mode = Once(2) ? (OctalMode)"0644" : null,
            CreateParents = OnceTrue(2),
        };
        return [After(lines, lines, FileOperations.DownloadUrl, request)];
    }

    private IEnumerable<RandomTask> Extract()
    {
        var place = $"{CheckPlace.Directory}/x{files++}";
        var archive = Pick(
            $"mkdir -p {place}.in/app/bin; echo 1 > {place}.in/app/version; touch {place}.in/app/bin/run; chmod 755 {place}.in/app/bin/run; tar -C {place}.in -czf {place}.tar.gz app",
            $"echo no archive > {place}.tar.gz",
            "true");
        var there = Pick(
            "true",
            $"mkdir {place}",
            $"mkdir {place}; [ ! -d {place}.in ] || tar -C {place} -xzf {place}.tar.gz",
            $"mkdir {place}; [ ! -d {place}.in ] || {{ tar -C {place} -xzf {place}.tar.gz; echo by hand > {place}/app/version; }}",
            $"echo a file > {place}");
        ExtractArchive request = new() { Path = $"{place}.tar.gz", Dest = place, Strip = Once(4) ? 1 : null, Creates = Once(4) ? (FilePath)$"{place}/app/version" : null };
        return [After($"{archive}; {there}", $"{archive}; {there}", FileOperations.Extract, request)];
    }
}
