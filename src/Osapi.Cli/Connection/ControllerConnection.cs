using System.Text;
using Osapi.Client;
using Osapi.Controller;
using Osapi.Hosting;
using Osapi.Operations.Runs;
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
            ? new(OpenLocal(settings), null, null)
            : await StartAsync(settings.Local.StateDirectory, 1, MaxLocalSystems, cancellationToken);
    }

    /// <summary>Connects to the controller that has a run. Without one that is running, the system of an earlier command is started again.</summary>
    public static async Task<ControllerConnection> OpenWithRunAsync(ConnectionSettings settings, RunId run, CancellationToken cancellationToken)
    {
        if (await OpenRunningAsync(settings, cancellationToken) is { } running)
            return running;
        CryptoLibrary.Require();
        List<string> busy = [];
        for (var number = 1; number <= MaxLocalSystems && Directory.Exists(LocalDirectory(settings.Local.StateDirectory, number)); number++)
        {
            ControllerConnection? connection = null;
            try
            {
                connection = await StartAsync(settings.Local.StateDirectory, number, number, cancellationToken);
                await connection.Client.Run.GetAsync(run, cancellationToken: cancellationToken);
                return connection;
            }
            catch (NotFoundException)
            {
                await connection!.DisposeAsync();
            }
            catch (StateDirectoryBusyException)
            {
                busy.Add(LocalDirectory(settings.Local.StateDirectory, number));
            }
        }

        throw new CommandException(ExitCode.Failed, busy.Count == 0
            ? $"there is no run {run} on this machine"
            : $"there is no run {run} on this machine, as far as it can be seen: another command uses {string.Join(", ", busy)}");
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        if (node is not null)
            await node.DisposeAsync();
        if (socketDirectory is not null)
            Directory.Delete(socketDirectory, recursive: true);
    }

    private static string LocalDirectory(string stateDirectory, int number) => Path.Combine(stateDirectory, "run", $"{number}");

    // With a token, a command has the permissions of the token, not those of a user who can read the key.
    private static OsapiClient OpenLocal(ConnectionSettings settings)
    {
        try
        {
            return settings.Token is { Length: > 0 } token ? OsapiClient.ForSocket(settings.Local.Socket, token) : LocalClient.Create(settings.Local.Socket, settings.Local.SigningKey);
        }
        catch (Exception exception) when (StartFailure.Is(exception))
        {
            throw new CommandException(ExitCode.NotPermitted, $"the key of the system that runs on {settings.Local.StateDirectory} cannot be used: {exception.Message}");
        }
    }

    // The state is kept between commands, so that the jobs of earlier ones can be read; commands that run at the same time use one each.
    private static async Task<ControllerConnection> StartAsync(string stateDirectory, int first, int last, CancellationToken cancellationToken)
    {
        string? directory = null;
        try
        {
            // A private directory with a shorter path than the state directory.
            directory = Directory.CreateTempSubdirectory("osapi-").FullName;
            var socket = Path.Combine(directory, "s");
            if (Encoding.UTF8.GetByteCount(socket) > StateDirectory.MaxSocketPath)
                throw new IOException($"the path of its socket, {socket}, is too long; set TMPDIR to a shorter directory for temporary files");
            for (var number = first; ; number++)
                try
                {
                    var node = await OsapiNode.StartAsync(
                        new() { StateDirectory = LocalDirectory(stateDirectory, number), Controller = new() { Socket = socket, HasOwnRunnersOnly = true } }, cancellationToken);
                    return new(node.CreateClient(), node, directory);
                }
                catch (StateDirectoryBusyException) when (number < last)
                {
                    // Another command uses this one.
                }
        }
        catch (Exception exception)
        {
            if (directory is not null)
                Directory.Delete(directory, recursive: true);
            if (!StartFailure.Is(exception) || (exception is StateDirectoryBusyException && first == last))
                throw;
            throw new CommandException(ExitCode.Unreachable, $"no controller is configured, and the embedded system cannot start in {stateDirectory}: {exception.Message}");
        }
    }
}
