using System.Runtime.InteropServices;

namespace Osapi.Cli;

/// <summary>
/// Checks for OpenSSL, which the runtime loads when it first needs it, and for the source of random numbers. Without OpenSSL the
/// runtime aborts the process; without random numbers it fails with an unspecific cryptographic error.
/// </summary>
internal static class CryptoLibrary
{
    // The runtime tries the versions in this order; it also accepts older ones, which no distribution maintains any more.
    private static readonly string[] Versions = ["3", "1.1"];

    /// <exception cref="CommandException">Something is missing on the machine; the message names it.</exception>
    public static void Require()
    {
        if (Missing() is { } missing)
            throw new CommandException(ExitCode.Failed, missing);
    }

    /// <summary>Returns a message about a missing dependency of this machine; null when none is missing.</summary>
    public static string? Missing()
    {
        const string Random = "/dev/urandom";
        if (!File.Exists(Random))
            return $"{Random}, the source of random numbers, does not exist";
        var preferred = Environment.GetEnvironmentVariable("DOTNET_OPENSSL_VERSION_OVERRIDE");
        if (Versions.Prepend(preferred).Any(version => !string.IsNullOrEmpty(version) && CanLoad($"libssl.so.{version}")))
            return null;
        var library = CanLoad("libcrypto.so.3") ? "libssl.so.3" : "libcrypto.so.3 and libssl.so.3";
        return $"OpenSSL is missing: {library} cannot be loaded (Debian and Ubuntu: package libssl3; Fedora and Red Hat: openssl-libs)";
    }

    // The library stays loaded for the runtime.
    private static bool CanLoad(string library) => NativeLibrary.TryLoad(library, out _);
}
