using System.Net.Sockets;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Docker;

/// <summary>Where the Docker engine of a host listens: always a Unix socket, since an engine elsewhere would be another host's.</summary>
internal static class DockerAddress
{
    private const string Default = "unix:///var/run/docker.sock";
    private const string Scheme = "unix://";

    /// <summary>The address that is set for the host, else in the environment, else Docker's own.</summary>
    /// <exception cref="OperationException">It is no Unix socket.</exception>
    public static Uri Of(Host host)
    {
        var address = host.DockerHost ?? (Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } set ? set : Default);
        return address.StartsWith(Scheme + "/", StringComparison.Ordinal) && Uri.TryCreate(address, UriKind.Absolute, out var uri)
            ? uri
            : throw new OperationException(ErrorType.Unavailable, $"the Docker engine's address {address} is not a Unix socket such as {Default}, and only the engine of this host is used");
    }

    /// <summary>Why nothing answers there.</summary>
    public static string Validate(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
            if (cause is SocketException socket)
                return socket.SocketErrorCode switch
                {
                    // That is how the framework tells ENOENT.
                    SocketError.AddressNotAvailable => "there is no such socket",
                    SocketError.ConnectionRefused => "nothing listens on it",
                    SocketError.AccessDenied => "the agent may not use it",
                    _ => socket.Message,
                };
        return exception.Message.ReplaceLineEndings(" ");
    }
}
