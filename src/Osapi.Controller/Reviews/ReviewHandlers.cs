using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Osapi.Operations.Reviews;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Reviews;

/// <summary>
/// The handlers of the operations about saved plans. A seal is an authentication code under a key that is derived for this purpose only, over a statement of this form
/// only: no caller gets one that is valid anywhere else.
/// </summary>
internal sealed class ReviewHandlers(ControllerKeyChain keys, TimeProvider time)
{
    private const string Purpose = "saved plans";

    public Task<PlanSeal> CreateAsync(CreateSeal request, HttpContext context)
    {
        var caller = context.User.FindFirst("sub")?.Value ?? "";
        // Whole seconds are written in one way only.
        var now = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        return Task.FromResult(new PlanSeal(keys.Present.Public.Fingerprint, caller, now, CodeOf(keys.Present, "document", request.Digest, caller, now, ""))
        {
            SecretsSeal = request.Secrets is null ? null : CodeOf(keys.Present, "secrets", request.Digest, caller, now, request.Secrets),
        });
    }

    public Task<SealVerdict> VerifyAsync(VerifySeal request, HttpContext context) => Task.FromResult(new SealVerdict { Problem = ProblemOf(request) });

    private string? ProblemOf(VerifySeal request)
    {
        // While the keys are changed, both are believed.
        if (new[] { keys.Present, keys.Other }.OfType<ControllerKeys>().FirstOrDefault(known => known.Public.Fingerprint == request.Controllers) is not { } signer)
            return $"it was sealed with the controllers' key {request.Controllers}, and the key of these controllers is {keys.Present.Public.Fingerprint}";
        if (!IsSame(request.Seal, CodeOf(signer, "document", request.Digest, request.Caller, request.SealedAt, "")))
            return "it is not the document that was sealed";
        if (request.Secrets is null != request.SecretsSeal is null)
            return "it was sealed with other secrets";
        return request.Secrets is null || IsSame(request.SecretsSeal!, CodeOf(signer, "secrets", request.Digest, request.Caller, request.SealedAt, request.Secrets)) ? null : "a secret has another value than when it was sealed";
    }

    // The caller, which may be any text, stands last.
    private static string CodeOf(ControllerKeys signer, string kind, string digest, string caller, DateTimeOffset sealedAt, string secrets)
    {
        var key = signer.Secret.Derive(Purpose);
        var statement = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"osapi saved plan 1\n{kind}\n{digest}\n{sealedAt.UtcTicks}\n{secrets}\n{caller}");
        var code = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(statement)));
        CryptographicOperations.ZeroMemory(key);
        return code;
    }

    private static bool IsSame(string given, string expected) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
