namespace Osapi.Operations.Tokens;

/// <summary>Values for the examples of the token operations.</summary>
internal static class TokenExamples
{
    public static TokenRevocation Revocation { get; } = new("9b2f6a52-6a36-4f7d-a8b1-0f1c8a3f5d10", new(2026, 11, 30, 17, 0, 0, TimeSpan.Zero), new(2036, 11, 27, 17, 0, 30, TimeSpan.Zero))
    {
        RevokedBy = "ann",
        Reason = "laptop lost",
    };
}
