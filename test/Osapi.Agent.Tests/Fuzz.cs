namespace Osapi.Agent.Tests;

/// <summary>The number of iterations of property tests: OSAPI_TEST_FULL=1 selects the full number.</summary>
internal static class Fuzz
{
    public static bool IsFull => Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1";

    public static long Times(long full) => IsFull ? full : Math.Max(100, full / 50);
}
