using Osapi.Client;

namespace Osapi.Cli.Rendering;

/// <summary>Prints failed calls and returns their exit codes.</summary>
internal static class Failures
{
    public static void Print(OsapiException exception)
    {
        Terminal.Fail(exception switch
        {
            ValidationException { Errors.Count: > 0 } validation => validation.Errors,
            AuthException { StatusCode: 401 } auth => [$"{auth.Message} (give one with --token or OSAPI_TOKEN; on the controller's machine: osapi token generate)"],
            // With the target _any the caller does not know the host.
            ApiException { Hosts: [{ Hostname: { Length: > 0 } host }] } failed when host != "_any" => [$"{host}: {failed.Message}"],
            _ => [exception.Message],
        });
        if (exception is ApiException { JobId: { } job })
            Terminal.Error.Line($"job {job}");
    }

    public static int ExitCodeOf(OsapiException exception) => exception switch
    {
        ConnectionException => ExitCode.Unreachable,
        ValidationException => ExitCode.BadInput,
        AuthException => ExitCode.NotPermitted,
        _ => ExitCode.Failed,
    };
}
