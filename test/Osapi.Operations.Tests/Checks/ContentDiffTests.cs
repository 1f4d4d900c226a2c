using Osapi.Operations.Checks;

namespace Osapi.Operations.Tests.Checks;

public sealed class ContentDiffTests
{
    private static FileVersion Version(byte[] bytes) => new(bytes.Length, "aa", bytes);

    [Fact]
    public void New_text_is_all_additions_and_removed_text_all_deletions()
    {
        Assert.Equal("--- /dev/null\n+++ a.conf\n@@ -0,0 +1 @@\n+x\n", ContentDiff.Of("a.conf", before: null, Version("x\n"u8.ToArray())));
        Assert.Equal("--- a.conf\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n", ContentDiff.Of("a.conf", Version("x\n"u8.ToArray()), after: null));
        Assert.Equal("--- a.conf\n+++ a.conf\n@@ -1 +1 @@\n-x\n+é\n", ContentDiff.Of("a.conf", Version("x\n"u8.ToArray()), Version("é\n"u8.ToArray())));
    }

    [Theory]
    [InlineData(new byte[] { 0x78, 0x00 })]
    [InlineData(new byte[] { 0xff, 0xfe })]
    public void Binary_content_has_its_size_and_hash(byte[] bytes)
    {
        Assert.Equal("a: none -> 2 bytes, sha256 aa\n", ContentDiff.Of("a", before: null, Version(bytes)));
        Assert.Equal("a: 2 bytes, sha256 aa -> none\n", ContentDiff.Of("a", Version(bytes), after: null));
        Assert.Equal("a: 2 bytes, sha256 aa -> 1 byte, sha256 aa\n", ContentDiff.Of("a", Version(bytes), Version("x"u8.ToArray())));
    }

    [Fact]
    public void Large_content_has_its_size_and_hash()
    {
        Assert.StartsWith("--- /dev/null\n", ContentDiff.Of("a", before: null, Version(Enumerable.Repeat((byte)'x', ContentDiff.MaxSize).ToArray())), StringComparison.Ordinal);
        Assert.Equal($"a: none -> {ContentDiff.MaxSize + 1} bytes, sha256 aa\n", ContentDiff.Of("a", before: null, Version(Enumerable.Repeat((byte)'x', ContentDiff.MaxSize + 1).ToArray())));
        Assert.Equal("a: none -> 5 bytes, sha256 aa\n", ContentDiff.Of("a", before: null, new(5, "aa", Bytes: null)));
    }
}
