using Osapi.Client;
using Osapi.Controller.Auth;

namespace Osapi.Hosting;

/// <summary>Creates clients of a system on this machine: over its Unix socket, with a token signed with its own key.</summary>
public static class LocalClient
{
    /// <summary>Creates a client of the system that listens on a socket. Everyone who can read the system's key has all permissions.</summary>
    public static OsapiClient Create(string socket, string signingKeyFile)
    {
        var key = SigningKey.LoadOrCreate(signingKeyFile);
        return OsapiClient.ForSocket(socket, new Tokens(key, TimeProvider.System).Generate(UserName(), ["admin"], [], TimeSpan.FromHours(24)));
    }

    // A minimal host may have no user database, or one without this user.
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
