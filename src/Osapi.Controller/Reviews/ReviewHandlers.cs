using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Osapi.Operations;
using Osapi.Operations.Reviews;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Reviews;

/// <summary>
/// The handlers of the operations about saved plans. A signature is an authentication code under a key that is derived for this purpose only, over a statement of this form
/// only: no caller gets one that is valid anywhere else.
/// </summary>
internal sealed class ReviewHandlers(ControllerKeyChain keys, TimeProvider time)
{
    private const string Purpose = "saved plans";

    public Task<PlanSignature> CreateAsync(CreateSignature request, HttpContext context)
    {
        if (!request.Digest.All(char.IsAsciiHexDigitLower) || request.Secrets?.All(char.IsAsciiHexDigitLower) == false)
            throw new OperationException(ErrorType.Invalid, "digest and secrets must be a SHA-256 in lower-case hexadecimal digits");
        var caller = context.User.FindFirst("sub")?.Value ?? "";
        // Whole seconds are written in one way only.
        var now = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        return Task.FromResult(new PlanSignature(keys.Present.Public.Fingerprint, caller, now, CodeOf(keys.Present, "document", request.Digest, caller, now, ""))
        {
            SecretsCode = request.Secrets is null ? null : CodeOf(keys.Present, "secrets", request.Digest, caller, now, request.Secrets),
        });
    }

    public Task<SignatureVerdict> VerifyAsync(VerifySignature request, HttpContext context) => Task.FromResult(new SignatureVerdict { Problem = ProblemOf(request) });

    private string? ProblemOf(VerifySignature request)
    {
        // While the keys are changed, both are believed.
        if (new[] { keys.Present, keys.Other }.OfType<ControllerKeys>().FirstOrDefault(known => known.Public.Fingerprint == request.Controllers) is not { } signer)
            return $"it was signed with the controllers' key {request.Controllers}, and the key of these controllers is {keys.Present.Public.Fingerprint}";
        if (!IsSame(request.Code, CodeOf(signer, "document", request.Digest, request.Caller, request.SignedAt, "")))
            return "it is not the document that was signed";
        if (request.Secrets is null != request.SecretsCode is null)
            return "it was signed with other secrets";
        return request.Secrets is null || IsSame(request.SecretsCode!, CodeOf(signer, "secrets", request.Digest, request.Caller, request.SignedAt, request.Secrets)) ? null : "a secret has another value than when it was signed";
    }

    // The caller, which may be any text, stands last.
    private static string CodeOf(ControllerKeys signer, string kind, string digest, string caller, DateTimeOffset signedAt, string secrets)
    {
        var key = signer.Secret.Derive(Purpose);
        var statement = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"osapi saved plan 1\n{kind}\n{digest}\n{signedAt.UtcTicks}\n{secrets}\n{caller}");
        var code = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(statement)));
        CryptographicOperations.ZeroMemory(key);
        return code;
    }

    private static bool IsSame(string given, string expected) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
