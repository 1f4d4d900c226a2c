namespace Osapi.Operations.Tests;

/// <summary>The number of iterations of property tests: OSAPI_TEST_FULL=1 selects the full number.</summary>
internal static class Fuzz
{
    public static long Times(long full) => Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? full : Math.Max(100, full / 50);
}
