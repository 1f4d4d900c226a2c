namespace Osapi.Agent.Tests;

/// <summary>How often properties are tried: OSAPI_TEST_FULL=1 asks for the whole number.</summary>
internal static class Fuzz
{
    public static bool IsFull => Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1";

    public static long Times(long full) => IsFull ? full : Math.Max(100, full / 50);
}
