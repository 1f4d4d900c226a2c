using Osapi.Client;
using Osapi.Controller.Auth;

namespace Osapi.Embedded;

/// <summary>Clients of a system on this machine: over its Unix socket, with a token made from its own key.</summary>
public static class LocalClient
{
    /// <summary>A client of the system that listens on a socket. Whoever can read its key has every permission.</summary>
    public static OsapiClient Create(string socket, string signingKeyFile)
    {
        var key = SigningKey.LoadOrCreate(signingKeyFile);
        return OsapiClient.ForSocket(socket, new Tokens(key, TimeProvider.System).Generate(UserName(), ["admin"], [], TimeSpan.FromHours(24)));
    }

    // A minimal host may have no list of users, or none that knows this one.
    private static string UserName()
    {
        try
        {
            return Environment.UserName is { Length: > 0 } name ? name : "local";
        }
        catch (IOException)
        {
            return "local";
        }
    }
}
