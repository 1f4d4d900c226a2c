using System.Globalization;

namespace Osapi.Hosts.Tests.Hosts;

/// <summary>A Linux host in namespaces: its own network, files, processes and name.</summary>
public abstract class NamespaceHost : IAsyncDisposable
{
    private const string Caps = "-sys_time,-sys_module,-sys_boot,-sys_rawio,-syslog,-wake_alarm";

    private readonly LastingProcess process;
    private readonly string directory;

    private protected NamespaceHost(LastingProcess process, string directory, string address) => (this.process, this.directory, Address) = (process, directory, address);

    /// <summary>The IPv4 address.</summary>
    public string Address { get; }

    /// <summary>Gets the path of a file in the host, as this machine sees it.</summary>
    public string Outside(string path) => $"/proc/{process.Pid.ToString(CultureInfo.InvariantCulture)}/root{path}";

    /// <summary>Runs a command in the host.</summary>
    public Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] command) =>
        Tool.RunAsync([.. Enter, .. command], TestContext.Current.CancellationToken);

    /// <summary>Runs a command that must succeed; returns its output without the last line feed.</summary>
    public async Task<string> MustAsync(params string[] command)
    {
        var (code, output, error) = await RunAsync(command);
        Assert.True(code == 0, $"{string.Join(' ', command)} ended with {code}: {output}{error}");
        return output.TrimEnd('\n');
    }

    public virtual async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        Directory.Delete(directory);
        File.Delete(directory + ".log");
        GC.SuppressFinalize(this);
    }

    private protected static async Task<(LastingProcess Process, string Directory)> StartAsync(
        TestNetwork network, string kind, string name, int lastByte, string root, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("osapi-host-").FullName;
        try
        {
            var process = await LastingProcess.StartAsync(
                ["unshare", "--net", "bash", TestNetwork.Script("host.sh"), kind, network.Pid.ToString(CultureInfo.InvariantCulture), name, lastByte.ToString(CultureInfo.InvariantCulture), directory, root, AppContext.BaseDirectory, DotnetRoot],
                cancellationToken);
            return (process, directory);
        }
        catch
        {
            Directory.Delete(directory);
            File.Delete(directory + ".log");
            throw;
        }
    }

    private protected IEnumerable<string> Enter => ["nsenter", "-t", process.Pid.ToString(CultureInfo.InvariantCulture), .. Namespaces, "--root", "--wd", "setpriv", "--bounding-set", Caps];

    private protected virtual IEnumerable<string> Namespaces => ["--mount", "--uts", "--ipc", "--net", "--pid"];

    // shared/Microsoft.NETCore.App/10.0.x/System.Private.CoreLib.dll
    private static string DotnetRoot => Path.GetFullPath(Path.Combine(typeof(object).Assembly.Location, "../../../.."));
}
