using System.Net;
using System.Text.Json;
using Osapi.Operations.Reviews;

namespace Osapi.Controller.Tests.Auth;

/// <summary>Tests of the signatures of saved plans.</summary>
public sealed class ReviewTests : ControllerTest
{
    private static readonly string Digest = new('a', 64);
    private static readonly string Secrets = new('b', 64);

    [Fact]
    public async Task A_signature_is_valid_for_its_document_its_caller_its_time_and_its_secrets_only()
    {
        var signature = await SignAsync($$"""{"digest":"{{Digest}}","secrets":"{{Secrets}}"}""");
        VerifySignature signed = new() { Digest = Digest, Controllers = signature.Controllers, Caller = signature.Caller, SignedAt = signature.SignedAt, Code = signature.Code, Secrets = Secrets, SecretsCode = signature.SecretsCode };

        Assert.Null(await ProblemAsync(signed));
        Assert.Null(await ProblemAsync(signed with { Secrets = null, SecretsCode = null }));
        Assert.Equal("it is not the document that was signed", await ProblemAsync(signed with { Digest = new('c', 64) }));
        Assert.Equal("it is not the document that was signed", await ProblemAsync(signed with { Caller = "another" }));
        Assert.Equal("it is not the document that was signed", await ProblemAsync(signed with { SignedAt = signature.SignedAt.AddTicks(1) }));
        Assert.Equal("it is not the document that was signed", await ProblemAsync(signed with { Code = signature.SecretsCode! }));
        Assert.Equal("a secret has another value than when it was signed", await ProblemAsync(signed with { Secrets = new('d', 64) }));
        Assert.Equal("a secret has another value than when it was signed", await ProblemAsync(signed with { SecretsCode = signature.Code }));
        Assert.Equal("it was signed with other secrets", await ProblemAsync(signed with { Secrets = null }));
        Assert.StartsWith("it was signed with the controllers' key SHA256:other, and the key of these controllers is SHA256:", await ProblemAsync(signed with { Controllers = "SHA256:other" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_without_secrets_has_no_signature_for_them_and_digests_have_one_length()
    {
        Assert.Null((await SignAsync($$"""{"digest":"{{Digest}}"}""")).SecretsCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await fixture.PostAsync("/review", """{"digest":"abc"}""")).Status);
    }

    private async Task<PlanSignature> SignAsync(string body) => JsonSerializer.Deserialize((await fixture.PostAsync("/review", body)).Json.GetRawText(), ReviewOperations.CreateSignature.Result)!;

    private async Task<string?> ProblemAsync(VerifySignature request) =>
        JsonSerializer.Deserialize((await fixture.PostAsync("/review/verify", JsonSerializer.Serialize(request, ReviewOperations.VerifySignature.Request))).Json.GetRawText(), ReviewOperations.VerifySignature.Result)!.Problem;
}
