using Osapi.Client;
using Osapi.Embedded;
using Osapi.Transport;
using Osapi.Transport.Embedded;

namespace Osapi.Cli.Connection;

/// <summary>A client for one command, and the system that was started for it, if one was.</summary>
internal sealed class ControllerConnection(OsapiClient client, EmbeddedSystem? system, string? socketDirectory) : IAsyncDisposable
{
    public OsapiClient Client => client;

    public static async Task<ControllerConnection> OpenAsync(ConnectionChoice choice, CancellationToken cancellationToken)
    {
        if (choice.Url is { } url)
            return new(new OsapiClient(url, choice.Token ?? ""), null, null);
        var socket = Path.Combine(choice.StateDirectory, LocalClient.SocketName);
        return LocalClient.IsListening(socket)
            ? new(LocalClient.Create(choice.StateDirectory, socket), null, null)
            : await StartAsync(choice.StateDirectory, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        if (system is not null)
            await system.DisposeAsync();
        if (socketDirectory is not null)
            Directory.Delete(socketDirectory, recursive: true);
    }

    // Kept between commands, so that the jobs of earlier ones can be read; commands at the same time get one each.
    private static async Task<ControllerConnection> StartAsync(string stateDirectory, CancellationToken cancellationToken)
    {
        // Private, and short enough for a socket (unix(7): 108 bytes).
        var directory = Directory.CreateTempSubdirectory("osapi-").FullName;
        try
        {
            for (var number = 1; ; number++)
                try
                {
                    var system = await EmbeddedSystem.StartAsync(
                        new() { StateDirectory = Path.Combine(stateDirectory, "run", $"{number}"), Socket = Path.Combine(directory, "s") }, cancellationToken);
                    return new(system.CreateClient(), system, directory);
                }
                catch (StateDirectoryBusyException) when (number < 100)
                {
                    // Another command has this one.
                }
        }
        catch (Exception exception) when (exception is TransportException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Directory.Delete(directory, recursive: true);
            throw new CommandException(ExitCode.Unreachable, $"no controller was named, and the embedded system cannot start in {stateDirectory}: {exception.Message}");
        }
    }
}
