using System.Runtime.InteropServices;

namespace Osapi.Cli;

/// <summary>
/// OpenSSL, which the runtime loads when it first needs it, and the source of random numbers. Without the one the runtime
/// aborts the process; without the other it says that something cryptographic failed.
/// </summary>
internal static class CryptoLibrary
{
    // The runtime's own order. It takes older versions as well, which no distribution maintains any more.
    private static readonly string[] Versions = ["3", "1.1"];

    /// <exception cref="CommandException">The machine lacks something; the message says what.</exception>
    public static void Require()
    {
        if (Missing() is { } missing)
            throw new CommandException(ExitCode.Failed, missing);
    }

    /// <summary>Says what this machine lacks; null when it lacks nothing.</summary>
    public static string? Missing()
    {
        const string Random = "/dev/urandom";
        if (!File.Exists(Random))
            return $"there is no {Random}, which random numbers come from";
        var preferred = Environment.GetEnvironmentVariable("DOTNET_OPENSSL_VERSION_OVERRIDE");
        if (Versions.Prepend(preferred).Any(version => !string.IsNullOrEmpty(version) && CanLoad($"libssl.so.{version}")))
            return null;
        var library = CanLoad("libcrypto.so.3") ? "libssl.so.3" : "libcrypto.so.3 and libssl.so.3";
        return $"OpenSSL is missing: {library} cannot be loaded (Debian and Ubuntu: package libssl3; Fedora and Red Hat: openssl-libs)";
    }

    // It stays loaded, for the runtime.
    private static bool CanLoad(string library) => NativeLibrary.TryLoad(library, out _);
}
