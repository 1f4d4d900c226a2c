using System.Text;
using Osapi.Client;
using Osapi.Controller;
using Osapi.Hosting;
using Osapi.Transport.Embedded;

namespace Osapi.Cli.Connection;

/// <summary>The client of one command, and the embedded system that was started for it, if any.</summary>
internal sealed class ControllerConnection(OsapiClient client, OsapiNode? node, string? socketDirectory) : IAsyncDisposable
{
    private const int MaxLocalSystems = 100;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    public OsapiClient Client => client;

    /// <summary>Connects to a controller that is running already; null when none is configured and none runs on this machine.</summary>
    public static async Task<ControllerConnection?> OpenRunningAsync(ConnectionSettings settings, CancellationToken cancellationToken) =>
        settings.Url is not null || SocketFile.IsListening(settings.Local.Socket) ? await OpenAsync(settings, cancellationToken) : null;

    public static async Task<ControllerConnection> OpenAsync(ConnectionSettings settings, CancellationToken cancellationToken)
    {
        CryptoLibrary.Require();
        if (settings.Url is { } url)
            return new(new OsapiClient(url, settings.Token ?? "", new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = ConnectTimeout }), null, null);
        return SocketFile.IsListening(settings.Local.Socket)
            ? new(OpenLocal(settings.Local), null, null)
            : await StartAsync(settings.Local.StateDirectory, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        if (node is not null)
            await node.DisposeAsync();
        if (socketDirectory is not null)
            Directory.Delete(socketDirectory, recursive: true);
    }

    private static OsapiClient OpenLocal(LocalSystem local)
    {
        try
        {
            return LocalClient.Create(local.Socket, local.SigningKey);
        }
        catch (Exception exception) when (StartFailure.Is(exception))
        {
            throw new CommandException(ExitCode.NotPermitted, $"the key of the system that runs on {local.StateDirectory} cannot be used: {exception.Message}");
        }
    }

    // The state is kept between commands, so that the jobs of earlier ones can be read; commands that run at the same time use one each.
    private static async Task<ControllerConnection> StartAsync(string stateDirectory, CancellationToken cancellationToken)
    {
        string? directory = null;
        try
        {
            // A private directory with a shorter path than the state directory.
            directory = Directory.CreateTempSubdirectory("osapi-").FullName;
            var socket = Path.Combine(directory, "s");
            if (Encoding.UTF8.GetByteCount(socket) > StateDirectory.MaxSocketPath)
                throw new IOException($"the path of its socket, {socket}, is too long; set TMPDIR to a shorter directory for temporary files");
            for (var number = 1; ; number++)
                try
                {
                    var node = await OsapiNode.StartAsync(
                        new() { StateDirectory = Path.Combine(stateDirectory, "run", $"{number}"), Controller = new() { Socket = socket } }, cancellationToken);
                    return new(node.CreateClient(), node, directory);
                }
                catch (StateDirectoryBusyException) when (number < MaxLocalSystems)
                {
                    // Another command uses this one.
                }
        }
        catch (Exception exception)
        {
            if (directory is not null)
                Directory.Delete(directory, recursive: true);
            if (!StartFailure.Is(exception))
                throw;
            throw new CommandException(ExitCode.Unreachable, $"no controller is configured, and the embedded system cannot start in {stateDirectory}: {exception.Message}");
        }
    }
}
