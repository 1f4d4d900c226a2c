using Microsoft.Extensions.Options;

namespace Osapi.Client;

/// <summary>The validation of <see cref="OsapiClientOptions"/>; it reports all problems at the start of the host.</summary>
internal sealed class OsapiClientOptionsValidation : IValidateOptions<OsapiClientOptions>
{
    public ValidateOptionsResult Validate(string? name, OsapiClientOptions options)
    {
        List<string> problems = [];
        if (options.BaseUrl is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
            problems.Add($"BaseUrl '{options.BaseUrl}' is not an http or https address such as http://127.0.0.1:8080.");
        if (options.Socket is { Length: 0 })
            problems.Add("Socket is empty: leave it out for TCP.");
        if (options.TokenProvider is not null && !string.IsNullOrEmpty(options.Token))
            problems.Add("Token and TokenProvider exclude each other.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
