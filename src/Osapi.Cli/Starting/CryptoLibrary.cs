using System.Runtime.InteropServices;

namespace Osapi.Cli.Starting;

/// <summary>The machine's OpenSSL, which keys, tokens and TLS need. The runtime ends the process without a word of help when it is not there.</summary>
internal static class CryptoLibrary
{
    // What the runtime looks for, in its order, after the version that a variable of the environment names.
    private static readonly string[] Names = ["libssl.so.3", "libssl.so.1.1"];
    private static readonly string[] Overrides = ["DOTNET_OPENSSL_VERSION_OVERRIDE", "CLR_OPENSSL_VERSION_OVERRIDE"];

    /// <exception cref="CommandException">It is missing.</exception>
    public static void Require()
    {
        var named = Overrides.Select(Environment.GetEnvironmentVariable).Where(version => version is { Length: > 0 }).Select(version => $"libssl.so.{version}");
        foreach (var name in named.Concat(Names))
            if (NativeLibrary.TryLoad(name, out _))
                return;
        throw new CommandException(
            ExitCode.Unreachable, $"OpenSSL is missing: none of {string.Join(", ", Names)} can be loaded, which keys, tokens and TLS need; install it (Debian: apt install libssl3)");
    }
}
