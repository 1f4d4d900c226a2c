using System.Text;
using Osapi.Client;
using Osapi.Controller;
using Osapi.Hosting;
using Osapi.Transport.Embedded;

namespace Osapi.Cli.Connection;

/// <summary>A client for one command, and the system that was started for it, if one was.</summary>
internal sealed class ControllerConnection(OsapiClient client, OsapiNode? node, string? socketDirectory) : IAsyncDisposable
{
    private const int MaxLocalSystems = 100;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    public OsapiClient Client => client;

    public static async Task<ControllerConnection> OpenAsync(ConnectionSettings choice, CancellationToken cancellationToken)
    {
        CryptoLibrary.Require();
        if (choice.Url is { } url)
            return new(new OsapiClient(url, choice.Token ?? "", new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = ConnectTimeout }), null, null);
        return SocketFile.IsListening(choice.Local.Socket)
            ? new(OpenLocal(choice.Local), null, null)
            : await StartAsync(choice.Local.StateDirectory, cancellationToken);
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
            throw new CommandException(ExitCode.NotPermitted, $"a system runs on {local.StateDirectory}, and its key cannot be used: {exception.Message}");
        }
    }

    // Kept between commands, so that the jobs of earlier ones can be read; commands at the same time get one each.
    private static async Task<ControllerConnection> StartAsync(string stateDirectory, CancellationToken cancellationToken)
    {
        string? directory = null;
        try
        {
            // Private, and shorter than a path in the state directory.
            directory = Directory.CreateTempSubdirectory("osapi-").FullName;
            var socket = Path.Combine(directory, "s");
            if (Encoding.UTF8.GetByteCount(socket) > StateDirectory.MaxSocketPath)
                throw new IOException($"the path of its socket, {socket}, is too long; name a shorter directory for temporary files with TMPDIR");
            for (var number = 1; ; number++)
                try
                {
                    var node = await OsapiNode.StartAsync(
                        new() { StateDirectory = Path.Combine(stateDirectory, "run", $"{number}"), Controller = new() { Socket = socket } }, cancellationToken);
                    return new(node.CreateClient(), node, directory);
                }
                catch (StateDirectoryBusyException) when (number < MaxLocalSystems)
                {
                    // Another command has this one.
                }
        }
        catch (Exception exception)
        {
            if (directory is not null)
                Directory.Delete(directory, recursive: true);
            if (!StartFailure.Is(exception))
                throw;
            throw new CommandException(ExitCode.Unreachable, $"no controller was named, and the embedded system cannot start in {stateDirectory}: {exception.Message}");
        }
    }
}
