using System.Net.Sockets;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Docker;

/// <summary>
/// The address of a host's Docker engine: always a Unix socket, because a remote engine would belong to another host.
/// </summary>
internal static class DockerAddress
{
    private const string Default = "unix:///var/run/docker.sock";
    private const string Scheme = "unix://";

    /// <summary>Gets the address configured for the host, else from the environment, else Docker's default.</summary>
    /// <exception cref="OperationException">The address is not a Unix socket.</exception>
    public static Uri Of(Host host)
    {
        var address = host.DockerHost ?? (Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } set ? set : Default);
        return address.StartsWith(Scheme + "/", StringComparison.Ordinal) && Uri.TryCreate(address, UriKind.Absolute, out var uri)
            ? uri
            : throw new OperationException(ErrorType.Unavailable, $"the Docker engine's address {address} is not a Unix socket such as {Default}, and only the engine of this host is used");
    }

    /// <summary>Gets the reason why a connection to the socket fails.</summary>
    public static string Validate(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
            if (cause is SocketException socket)
                return socket.SocketErrorCode switch
                {
                    // The framework's code for ENOENT.
                    SocketError.AddressNotAvailable => "there is no such socket",
                    SocketError.ConnectionRefused => "nothing listens on it",
                    SocketError.AccessDenied => "the agent has no permission to use it",
                    _ => socket.Message,
                };
        return exception.Message.ReplaceLineEndings(" ");
    }
}
