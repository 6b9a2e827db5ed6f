"""Files among the hard pictures whose right answer Pillow does not give, and why."""

CORRUPT, UNSUPPORTED = "CORRUPT_PICTURE", "UNSUPPORTED_FORMAT"
NOT_A_PICTURE, LIMIT = "NOT_A_PICTURE", "LIMIT_EXCEEDED"

# Errors: (reason, why).
ERRORS = {
    "image-rs/bad/bmp/Bad_unusual_extend_buffer_usage.bmp":
        (CORRUPT, "the runs end early"),
    "image-rs/bad/bmp/Bad_badbitcount.bmp": (CORRUPT, "30000 bits a pixel"),
    "image-rs/images/bmp/images/lenient/badpalettesize.bmp":
        (CORRUPT, "states 305402420 colours in a file of 9 KB"),
    "image-rs/images/bmp/images/lenient/badrle.bmp":
        (CORRUPT, "runs leave their rows; readers disagree on the rest"),
    "image-rs/images/tiff/testsuite/ycbcr_lzw_bt709.tif":
        (UNSUPPORTED, "YCbCr without JPEG; Pillow reads it by another matrix"),
    "image-rs/images/tiff/testsuite/ycbcr_lzw_broken.tif":
        (UNSUPPORTED, "YCbCr without JPEG"),
    "vips/subsampled.tif": (UNSUPPORTED, "YCbCr without JPEG"),
    "vips/ojpeg-strip.tif": (UNSUPPORTED, "old-style JPEG, deprecated in 1995"),
    "vips/ojpeg-tile.tif": (UNSUPPORTED, "old-style JPEG, deprecated in 1995"),
    "vips/multi-channel-z-series.ome.tif":
        (UNSUPPORTED, "signed samples have no agreed black and white"),
    "pngsuite/xcsn0g01.png":
        (CORRUPT, "wrong checksum of IDAT, which Pillow does not look at"),
    "vips/17000x17000.avif": (LIMIT, "289 million pixels"),
    "vips/t00740_tr1_segm.hdr":
        (NOT_A_PICTURE, "an Analyze header, not Radiance"),
    "sharp/testimgl.jpg": (UNSUPPORTED, "lossless JPEG (SOF3)"),
    "sharp/corrupt-header.jpg": (CORRUPT, "cut within its EXIF segment"),
}

# Readers differ, and the reference is right: why.
PREFER_REFERENCE = {
    "image-rs/images/gif/anim/border_touching_layers.gif":
        "the open canvas is transparent; Pillow paints it",
    "image-rs/images/gif/anim/issue_1455_undersized.gif":
        "the open canvas is transparent; Pillow paints it",
    "image-rs/images/bmp/images/V5_A1_R5_G5_B5.bmp":
        "Pillow drops the alpha mask",
    "image-rs/images/bmp/images/V3_A1_R5_G5_B5.bmp":
        "Pillow drops the alpha mask",
    "image-rs/images/bmp/images/V3_A1_R5_G5_B5_Top_Down.bmp":
        "Pillow drops the alpha mask",
    "image-rs/images/bmp/images/pal4rletrns.bmp":
        "skipped pixels: black as in image-rs, colour 0 in Pillow",
}

# Float samples are linear light, the convention of TIFF and of libvips.
LINEAR = (
    "image-rs/images/tiff/testsuite/rgb32f_bw.tiff",
    "image-rs/images/tiff/testsuite/rgb32f_color.tiff",
    "image-rs/reference/hdr/images/image1.hdr.tiff",
    "image-rs/reference/hdr/images/old-rle.hdr.tiff",
    "image-rs/reference/hdr/images/rgbr4x4.hdr.tiff",
    "image-rs/reference/hdr/images/scale.hdr.tiff",
)
LAB = "sharp/cielab-dagams.tiff"
CMYK_ALPHA = "image-rs/bad/tiff/TODO hpredict_cmyk.tiff"
LENIENT = "image-rs/images/bmp/images/lenient/"
